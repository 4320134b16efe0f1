"""What each role of the consignment shop can do, through the write path and the queries."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.factories.people import make_person

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.kernel import Forbidden, NotFound
from trassa.people.queries import find_department, find_person_by_login, find_role
from trassa.records.actions.write import write_records
from trassa.records.queries import get_record
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("consignment")]

DEPARTMENTS = {
    "director": "management",
    "sales_head": "sales",
    "seller": "sales",
    "reception": "sales",
    "buyer": "purchase",
    "detailer": "preparation",
    "lawyer": "management",
    "accountant": "management",
    "security": "management",
}
DONE: Mapping[str, Any] = {
    "amount": "5000000",
    "client_estimate": "5100000",
    "our_estimate": "5000000",
    "contract_number": "ВК-1",
    "contract_on": "2026-03-23",
    "payment_method": "cash",
    "commission": "4",
}


def actor(role: str, login: str = "") -> Actor:
    """Somebody with the role `employee` and this one, in the department where such people work."""
    login = login or role
    if find_person_by_login(login) is None:
        roles = [found for code in ("employee", role) if (found := find_role(code))]
        make_person(login, department=find_department(DEPARTMENTS[role]), roles=roles)
    person = find_person_by_login(login)
    assert person is not None
    return actor_of(person)


def write(by: Actor, change: Change, type: str = "deal", **given: Any) -> int:
    (outcome,) = write_records([Write(change, type, **given)], actor=by, cause={})
    assert outcome.id is not None
    return outcome.id


def client() -> int:
    return write(system_actor(), Change.CREATE, "contact", fields={"name": "Егоров Пётр"})


def deal(by: Actor, pipeline: str = "sales", stage: str = "new", **fields: Any) -> int:
    """A deal of this person in a stage, with everything that the stage requires."""
    values = {"client": client(), "source": "avito", **fields}
    id = write(by, Change.CREATE, pipeline=pipeline, fields=values)
    if stage != "new":
        car = write(system_actor(), Change.CREATE, "car", fields={"make": "Porsche", "model": "Cayenne"})
        write(
            Actor(id=by.id, name=by.name, everything=True),
            Change.EDIT,
            id=id,
            fields={**DONE, "car": car, "next_contact_on": "2026-03-24"},
        )
        _place(id, pipeline, stage)
    return id


def _place(id: int, pipeline: str, stage: str) -> None:
    """Put a deal into a stage without walking all the way."""
    found = current_generation().pipelines[pipeline].get_stage(stage)
    current_generation().types["deal"].model._default_manager.filter(pk=id).update(stage_id=found.id)


def sees(by: Actor, id: int) -> bool:
    try:
        get_record(by, current_generation().types["deal"], id)
    except NotFound:
        return False
    return True


def test_a_seller_works_on_own_deals_and_sees_no_others() -> None:
    anna, sergey = actor("seller", "anna"), actor("seller", "sergey")
    id = deal(anna)
    write(anna, Change.MOVE, id=id, stage="negotiation", fields={"next_contact_on": "2026-03-24"})
    assert sees(anna, id)
    assert not sees(sergey, id)
    with pytest.raises(NotFound):
        write(sergey, Change.EDIT, id=id, fields={"comment": "мой клиент"})


def test_the_head_of_sales_sees_sales_and_purchases_below() -> None:
    head = actor("sales_head")
    assert sees(head, deal(actor("seller")))
    assert sees(head, deal(actor("buyer"), "buyout"))
    assert not sees(head, deal(actor("director")))


def test_a_buyer_shares_purchases_but_no_sales() -> None:
    polina, vera = actor("buyer", "polina"), actor("buyer", "vera")
    id = deal(polina, "buyout")
    write(vera, Change.EDIT, id=id, fields={"comment": "перезвоню"})
    assert not sees(vera, deal(actor("seller")))


def test_the_appraiser_sees_the_deal_that_the_visit_belongs_to() -> None:
    sergey = actor("seller", "sergey")
    id = deal(actor("buyer"), "buyout", appraiser=sergey.id)
    assert sees(sergey, id)


def test_the_detailer_sees_bought_cars_only_and_finishes_them() -> None:
    detailer, buyer = actor("detailer"), actor("buyer")
    assert not sees(detailer, deal(buyer, "buyout"))
    id = deal(buyer, "buyout", "done")
    works = {"detailing_works": ["polish"], "detailing_cost": "35000"}
    write(detailer, Change.MOVE, id=id, stage="detailing_done", fields=works)
    assert sees(detailer, id)


def test_a_lawyer_reads_everything_and_edits_contracts_only() -> None:
    lawyer, seller = actor("lawyer"), actor("seller")
    with pytest.raises(Forbidden):
        write(lawyer, Change.EDIT, id=deal(seller), fields={"contract_number": "ПР-1"})
    write(lawyer, Change.EDIT, id=deal(seller, "sales", "contract"), fields={"contract_number": "ПР-1"})


def test_an_accountant_reads_and_changes_nothing() -> None:
    accountant = actor("accountant")
    id = deal(actor("seller"))
    assert sees(accountant, id)
    with pytest.raises(Forbidden):
        write(accountant, Change.EDIT, id=id, fields={"comment": "?"})


def test_the_security_note_is_written_by_security_and_hidden_from_sales() -> None:
    seller, security = actor("seller"), actor("security")
    id = deal(seller)
    write(security, Change.EDIT, id=id, fields={"security_note": "Проверен"})
    spec = current_generation().types["deal"]
    assert get_record(security, spec, id).values["security_note"] == "Проверен"
    assert "security_note" not in get_record(seller, spec, id).values
    assert "floor_price" not in get_record(security, spec, id).values
    assert "floor_price" in get_record(actor("director"), spec, id).values


def test_reception_registers_visitors_and_keeps_seeing_new_deals() -> None:
    reception, seller = actor("reception"), actor("seller")
    id = write(
        reception,
        Change.CREATE,
        pipeline="sales",
        owner=seller.id,
        fields={"client": client(), "source": "visit"},
    )
    assert sees(reception, id)
    assert sees(seller, id)
    write(seller, Change.MOVE, id=id, stage="negotiation", fields={"next_contact_on": "2026-03-24"})
    assert not sees(reception, id)
    with pytest.raises(Forbidden):
        deal(reception, "buyout")
