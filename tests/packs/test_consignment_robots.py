"""The robots of consignment and buy-out, from reception through the catalogue to the sale and back again."""

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.people import make_person

from trassa.access.queries import system_actor
from trassa.automation.actions import fire_due
from trassa.automation.models import Timer
from trassa.automation.queries import list_traces
from trassa.kernel import Invalid, frozen, now
from trassa.people.actions import assign_roles, change_department, create_department
from trassa.people.queries import get_role
from trassa.records.actions.write import write_records
from trassa.records.queries import get_record, list_records
from trassa.records.types import Change, ListQuery, Record, Write
from trassa.schema.queries import current_generation

VIN = "WAUZZZ4M5LD012345"
RECEPTION = {"buyout": ("done", "buyout"), "consignment": ("signed", "consignment")}
SIGNED = {"contract_number": "К-1", "contract_on": "2026-11-26", "payment_method": "transfer"}
DETAILED = {"detailing_works": ["wash"], "detailing_cost": "5000"}


@pytest.fixture(autouse=True)
def sellers(consignment: None) -> list[int]:
    """Two sellers and a buyer."""
    found = []
    for login, role in (("seller_1", "seller"), ("seller_2", "seller"), ("buyer_1", "buyer")):
        person = make_person(login)
        assign_roles(person, [get_role(role)], actor_id=None)
        found.append(person.id)
    return found


def write(change: Change, type: str = "deal", **given: Any) -> int:
    [outcome] = write_records([Write(change, type, **given)], actor=system_actor(), cause={"kind": "test"})
    assert outcome.id is not None
    return outcome.id


def record(id: int, type: str = "deal") -> Record:
    return get_record(system_actor(), current_generation().types[type], id)


def move(id: int, stage: str, **given: Any) -> None:
    write(Change.MOVE, id=id, stage=stage, **given)


def cards() -> list[dict[str, Any]]:
    """The catalogue: values, choices by their codes."""
    spec = current_generation().types["catalogue_card"]
    found = []
    for each in list_records(system_actor(), spec, ListQuery(order="id")).items:
        values = dict(each.values)
        for code in ("status", "origin"):
            option = spec.by_code[code].find_option(values[code] or 0)
            values[code] = option.code if option else None
        found.append(values)
    return found


def make_car() -> int:
    return write(Change.CREATE, "car", fields={"make": "Audi", "model": "Q7", "vin": VIN})


def receive(pipeline: str, car: int) -> int:
    """A deal in which a car came to the company, detailed and all."""
    client = write(Change.CREATE, "contact", fields={"name": "Белова Анна"})
    fields = {
        "car": car,
        "client": client,
        "amount": "4000000",
        "source": "avito",
        "client_estimate": "4200000",
        "visit_at": "2026-11-20T10:00:00Z",
        "visit_address": "Москва",
        "appraiser": make_person().id,
        "condition": "good",
        "defects": "нет",
        "our_estimate": "4000000",
        "market_price": "4300000",
    }
    if pipeline == "consignment":
        fields["commission"] = "7"
    deal = write(Change.CREATE, pipeline=pipeline, stage="contract", fields=fields)
    move(deal, RECEPTION[pipeline][0], fields=SIGNED)
    return deal


def stage_of(id: int) -> str:
    found = record(id)
    pipeline = current_generation().pipelines_by_id[found.pipeline_id or 0]
    return f"{pipeline.code}.{current_generation().stages_by_id[found.stage_id or 0].code}"


@pytest.mark.parametrize("pipeline", ["buyout", "consignment"])
def test_a_received_car_goes_into_the_catalogue_and_on_sale(pipeline: str, sellers: list[int]) -> None:
    car = make_car()
    deal = receive(pipeline, car)
    [card] = cards()
    assert (card["car"], card["car_vin"], card["received_in"]) == (car, VIN, deal)
    assert (card["status"], card["origin"], card["price"]) == ("preparing", pipeline, 4300000)
    move(deal, "detailing_done", fields=DETAILED)
    assert [card["status"] for card in cards()] == ["in_stock"]
    sale = record(deal).values["sale_deal"]
    assert stage_of(sale) == "sales.new"
    assert record(sale).values["reception_deal"] == deal
    assert record(sale).values["car"] == car
    assert record(sale).owner_id == sellers[0]
    move(deal, RECEPTION[pipeline][0])
    move(deal, "detailing_done")
    assert record(deal).values["sale_deal"] == sale, "however often the stage is entered"


def test_prices_stay_in_step_between_reception_and_sale() -> None:
    deal = receive("buyout", make_car())
    move(deal, "detailing_done", fields=DETAILED)
    sale = record(deal).values["sale_deal"]
    write(Change.EDIT, id=deal, fields={"market_price": "4400000"})
    assert record(sale).values["market_price"] == 4400000
    write(Change.EDIT, id=sale, fields={"market_price": "4500000"})
    assert record(deal).values["market_price"] == 4500000


def test_sales_go_to_sellers_in_turn(sellers: list[int]) -> None:
    deals = [
        receive("buyout", write(Change.CREATE, "car", fields={"make": "BMW", "model": "X5"}))
        for _car in range(3)
    ]
    for deal in deals:
        move(deal, "detailing_done", fields=DETAILED)
    owners = [record(record(deal).values["sale_deal"]).owner_id for deal in deals]
    assert owners == [sellers[0], sellers[1], sellers[0]]


def sell(deal: int) -> int:
    """The sale of a received car, as far as its booking."""
    move(deal, "detailing_done", fields=DETAILED)
    sale: int = record(deal).values["sale_deal"]
    buyer = write(Change.CREATE, "contact", fields={"name": "Орлов Иван"})
    move(sale, "booking", fields={"client": buyer, "amount": "4500000", "prepayment": "100000"})
    return sale


def test_booking_selling_and_buying_again_are_seen_in_the_catalogue() -> None:
    car = make_car()
    sale = sell(receive("buyout", car))
    assert [card["status"] for card in cards()] == ["booked"]
    move(sale, "contract", fields={"payment_method": "transfer"})
    move(
        sale, "done", fields={"contract_number": "П-1", "contract_on": "2026-12-05", "paid_on": "2026-12-05"}
    )
    [card] = cards()
    assert (card["status"], card["sold_in"], card["sold_price"]) == ("sold", sale, 4500000)
    again = receive("consignment", car)
    [card] = cards()
    assert (card["status"], card["origin"], card["received_in"]) == ("preparing", "consignment", again)
    assert (card["sold_in"], card["sold_on"], card["sold_price"]) == (None, None, None)


def test_a_loss_says_why_and_gives_the_car_back() -> None:
    sale = sell(receive("buyout", make_car()))
    write(Change.EDIT, id=sale, fields={"next_contact_on": "2026-12-01"})
    with pytest.raises(Invalid):
        move(sale, "lost")
    move(sale, "lost", reason="credit_refused")
    assert [card["status"] for card in cards()] == ["in_stock"]
    assert record(sale).values["next_contact_on"] is None


def test_a_car_in_part_exchange_is_bought(sellers: list[int]) -> None:
    sale = sell(receive("buyout", make_car()))
    old = write(Change.CREATE, "car", fields={"make": "Kia", "model": "Rio"})
    move(sale, "contract", fields={"payment_method": "trade_in", "trade_in_car": old})
    bought = record(sale).values["trade_in_deal"]
    assert stage_of(bought) == "buyout.new"
    assert (record(bought).values["car"], record(bought).values["trade_in_for"]) == (old, sale)
    assert record(bought).values["client"] == record(sale).values["client"]
    assert record(bought).owner_id == sellers[2]


@pytest.mark.parametrize("pipeline", ["sales", "buyout", "consignment"])
def test_a_new_deal_that_nobody_takes_up_goes_to_the_head(pipeline: str) -> None:
    head = make_person("head")
    department = create_department(code="x_sales", name="Продажи", actor_id=None)
    change_department(department, head=head, actor_id=None)
    owner = make_person("slow", department=department)
    deal = write(Change.CREATE, pipeline=pipeline, owner=owner.id)
    assert record(deal).owner_id == owner.id
    with frozen(now() + timedelta(days=30)):
        for _phase in range(4):
            Timer.objects.exclude(wake_at=None).update(wake_at=now())
            fire_due()
        assert record(deal).owner_id == head.id
    traces = list_traces(system_actor(), current_generation().types["deal"], deal)
    assert ("overdue_inquiries", "overdue") in {(trace.rule, trace.event) for trace in traces}
