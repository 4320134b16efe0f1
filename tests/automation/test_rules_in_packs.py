"""Rules of packs: planned, applied, exported, retired; what those of `consignment` do."""

from pathlib import Path
from typing import Any

import pytest
from tests.factories.people import make_person

from trassa.access.queries import system_actor
from trassa.automation.actions import switch_rule
from trassa.automation.actions.overdue import meet_deadlines
from trassa.automation.queries import list_traces
from trassa.automation.types import Phase, StageNews
from trassa.kernel import now
from trassa.people.actions import assign_roles, change_department, create_department
from trassa.people.queries import get_role
from trassa.records.actions.write import write_records
from trassa.records.queries import get_record, list_records
from trassa.records.types import Change, ListQuery, Write
from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply_with_required, export
from trassa.solutions.queries import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def consignment() -> None:
    apply_with_required("consignment", actor_id=None)


def write(*writes: Write) -> int:
    outcomes = write_records(writes, actor=system_actor(), cause={"kind": "test"})
    assert outcomes[-1].id is not None
    return outcomes[-1].id


def records_of(type: str) -> list[Any]:
    return list(list_records(system_actor(), current_generation().types[type], ListQuery(order="id")).items)


def bought() -> tuple[int, int]:
    """A car and the deal in which it was bought."""
    car = write(
        Write(Change.CREATE, "car", fields={"make": "Audi", "model": "Q7", "vin": "WAUZZZ4M5LD012345"})
    )
    fields = {"car": car, "amount": "4000000", "source": "avito"}
    return car, write(Write(Change.CREATE, "deal", pipeline="buyout", stage="contract", fields=given(fields)))


def given(fields: dict[str, Any]) -> dict[str, Any]:
    """What the stages of a buy-out ask for."""
    contact = write(Write(Change.CREATE, "contact", fields={"name": "Белова Анна"}))
    person = make_person()
    return fields | {
        "client": contact,
        "client_estimate": "4200000",
        "visit_at": "2026-11-20T10:00:00Z",
        "visit_address": "Москва",
        "appraiser": person.id,
        "condition": "good",
        "defects": "нет",
        "our_estimate": "4000000",
    }


DONE = {"contract_number": "К-1", "contract_on": "2026-11-26", "payment_method": "transfer"}


@pytest.mark.usefixtures("consignment")
def test_a_bought_car_gets_one_catalogue_card_that_its_sale_closes() -> None:
    seller = make_person("seller")
    assign_roles(seller, [get_role("seller")], actor_id=None)
    car, deal = bought()
    write(Write(Change.MOVE, "deal", id=deal, stage="done", fields=DONE))
    [card] = records_of("catalogue_card")
    assert (card.values["car"], card.values["price"], card.values["received_in"]) == (car, 4000000, deal)
    works = {"detailing_works": ["wash"], "detailing_cost": "5000"}
    write(Write(Change.MOVE, "deal", id=deal, stage="detailing_done", fields=works))
    sale = records_of("deal")[-1]
    assert current_generation().pipelines_by_id[sale.pipeline_id].code == "sales"
    assert (sale.values["car"], sale.owner_id) == (car, seller.id)
    write(Write(Change.EDIT, "deal", id=sale.id, fields={"market_price": "4500000"}))
    bought_in = get_record(system_actor(), current_generation().types["deal"], deal)
    assert bought_in.values["market_price"] == 4500000


@pytest.mark.usefixtures("consignment")
def test_a_long_overdue_new_deal_goes_to_the_head() -> None:
    head = make_person("head")
    department = create_department(code="x_sales", name="Продажи", actor_id=None)
    change_department(department, head=head, actor_id=None)
    owner = make_person("slow", department=department)
    deal = write(Write(Change.CREATE, "deal", pipeline="sales", owner=owner.id))
    record = get_record(system_actor(), current_generation().types["deal"], deal)
    news = StageNews(
        phase=Phase.ESCALATED,
        type_id=record.type_id,
        record_id=deal,
        stage_id=record.stage_id or 0,
        owner_id=owner.id,
        department_id=None,
        due_at=now(),
        late_by=now() - now(),
    )
    meet_deadlines([news])
    meet_deadlines([news])
    assert get_record(system_actor(), current_generation().types["deal"], deal).owner_id == head.id
    assert len(list_traces(system_actor(), current_generation().types["deal"], deal)) == 1


@pytest.mark.usefixtures("consignment")
@pytest.mark.parametrize("pipeline", ["sales", "buyout", "consignment"])
def test_a_stage_that_several_pipelines_have_means_each_of_them(pipeline: str) -> None:
    fields = {"next_contact_on": "2026-12-01"}
    deal = write(Write(Change.CREATE, "deal", pipeline=pipeline, fields=fields))
    write(Write(Change.MOVE, "deal", id=deal, stage="lost", reason="price"))
    record = get_record(system_actor(), current_generation().types["deal"], deal)
    assert record.values["next_contact_on"] is None


@pytest.mark.usefixtures("consignment")
def test_rules_are_exported_as_they_were_applied(tmp_path: Path) -> None:
    assert plan("consignment").is_empty
    export(tmp_path, pack="consignment")
    assert (tmp_path / "rules" / "buyout_catalogue.yaml").is_file()
    assert plan(tmp_path).is_empty


@pytest.mark.usefixtures("consignment")
def test_what_is_wrong_with_a_rule_of_a_pack_is_said_with_file_and_line(tmp_path: Path) -> None:
    export(tmp_path, pack="consignment")
    file = tmp_path / "rules" / "lost_deals.yaml"
    file.write_text(file.read_text().replace("next_contact_on", "nowhere"))
    with pytest.raises(Exception, match=r"lost_deals\.yaml:"):
        plan(tmp_path)


@pytest.mark.usefixtures("consignment")
def test_a_rule_switched_off_here_stays_off() -> None:

    switch_rule("lost_deals", is_active=False, actor_id=None)
    made = plan("consignment")
    assert made.is_empty
    assert made.notes
