"""Expressions name lookups, which are short for paths, and links with periods, which are those of today."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.factories.records import CAUSE, allow, create, edit, make_actor

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Scope, Verb
from trassa.expressions import ExpressionRefused, compute, is_volatile, write
from trassa.kernel import Invalid, frozen
from trassa.records.queries import get_record, list_records, read_where, reader_scope
from trassa.records.queries.expressions import read_values
from trassa.records.types import ListQuery
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")

MAY = datetime(2026, 5, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def links(garage: None) -> None:
    """Cars have an owner and several keepers over time; deals show the price and the seller of their car."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "owners", "dated_link", label=Label("Владелец"), target="contact")
        change.add_field(
            "car",
            "keepers",
            "dated_link",
            label=Label("Хранители"),
            target="contact",
            settings={"exclusive": False},
        )
        change.add_field("car", "seller", "link", label=Label("Продавец"), target="contact")
        change.add_field("car", "owner_phone", "lookup", label=Label("Телефон"), shows="owners.phone")
        change.add_field("deal", "price", "lookup", label=Label("Цена машины"), shows="car.price")
        change.add_field("deal", "seller", "lookup", label=Label("Продавец"), shows="car.seller")


def spec(type: str) -> Any:
    return current_generation().types[type]


def contact(name: str, phone: str = "") -> int:
    return create("contact", fields={"name": name, "phone": phone})


def held(id: int, since: str | None = None, until: str | None = None) -> dict[str, Any]:
    return {"id": id, "from": since, "to": until}


def found(type: str, where: str, actor: Actor | None = None) -> list[int]:
    """What a list finds in May; the same as computing the condition for every record in Python."""
    asker, kind = actor or system_actor(), spec(type)
    with frozen(MAY):
        node = read_where(asker, kind, where)
        assert node is not None
        listed = [each.id for each in list_records(asker, kind, ListQuery(where=node, order="id")).items]
        every = [each.id for each in list_records(asker, kind, ListQuery(order="id")).items]
        computed = [
            id
            for id in every
            if compute(node, read_values(asker, kind, id, node), reader_id=asker.id) is True
        ]
    assert listed == computed
    return listed


def test_a_lookup_is_the_path_that_it_is_short_for() -> None:
    anna = contact("Анна")
    dear = create("car", fields={"make": "Kia", "price": "900", "seller": anna})
    deal, bare = create("deal", fields={"car": dear}), create("deal")
    assert found("deal", "[Цена машины] >= 500") == [deal]
    assert found("deal", "ISBLANK(price)") == [bare]
    assert found("deal", 'seller.name = "анна"') == [deal]
    scope = reader_scope(system_actor())
    node = read_where(system_actor(), spec("deal"), "price >= 500")
    assert node is not None
    assert write(node, scope, spec("deal").id, "codes") == "car.price >= 500"


def test_a_lookup_is_unknown_to_whom_it_does_not_show() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("car", "price", restricted=True)
    seller = make_actor(*allow("deal"), *allow("car"))
    with pytest.raises(ExpressionRefused):
        read_where(seller, spec("deal"), "price >= 500")


def test_a_link_with_periods_is_the_record_of_today() -> None:
    before, now = contact("Егоров"), contact("Белова", "89215550142")
    car = create(
        "car", fields={"make": "Kia", "owners": [held(before, None, "2026-04-30"), held(now, "2026-05-01")]}
    )
    free = create("car", fields={"make": "Lada", "owners": [held(before, None, "2026-05-14")]})
    assert found("car", 'owners.name = "Белова"') == [car]
    assert found("car", 'owners.name = "Егоров"') == []
    assert found("car", 'owners.name <> "Белова"') == [free]
    assert found("car", "ISBLANK(owners)") == [free]
    assert found("car", 'CONTAINS(owner_phone; "142")') == [car]
    deal = create("deal", fields={"car": car})
    assert found("deal", 'car.owners.name = "Белова"') == [deal]
    assert found("contact", "COUNT(cars) > 0") == [now], "the far end knows today's cars, too"


def test_several_linked_at_a_time_are_a_list() -> None:
    first, second = contact("Егоров"), contact("Белова")
    car = create("car", fields={"make": "Kia", "keepers": [held(first), held(second, None, "2026-05-14")]})
    assert found("car", "COUNT(keepers) = 1") == [car]
    assert found("car", 'ANY(keepers; keepers.name = "Белова")') == []
    with pytest.raises(ExpressionRefused):
        read_where(system_actor(), spec("car"), 'keepers.name = "Белова"')


def test_an_owner_out_of_reach_counts_as_none() -> None:
    hidden = contact("Егоров")
    car = create("car", fields={"make": "Kia", "owners": [held(hidden, "2026-05-01")]})
    seller = make_actor(*allow("car"), *allow("contact", Verb.SEE, scope=Scope.OWN))
    assert found("car", 'owners.name = "Егоров"', seller) == []
    assert found("car", "ISBLANK(owners.name)", seller) == [car]


def test_what_follows_a_period_changes_by_itself() -> None:
    system, car = system_actor(), spec("car")
    scope = reader_scope(system)
    dated, plain = (read_where(system, car, text) for text in ('owners.name = "а"', 'seller.name = "а"'))
    assert dated is not None
    assert plain is not None
    assert is_volatile(dated, scope, car.id)
    assert not is_volatile(plain, scope, car.id)


def test_conditions_of_fields_see_what_a_write_is_about_to_link() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        rule = change.read_condition("car", 'owners.name = "Белова" OR ANY(keepers; keepers.name = "Белова")')
        change.change_field("car", "price", required_when=rule)
    before, now = contact("Егоров"), contact("Белова")
    with frozen(MAY):
        car = create("car", fields={"make": "Kia", "owners": [held(before)]})
        for links in ({"owners": [held(now)]}, {"keepers": [held(now)]}):
            with pytest.raises(Invalid) as refusal:
                edit("car", car, **links)
            assert refusal.value.errors[0].field == "price"
        edit("car", car, keepers=[held(now, None, "2026-05-14")])
        edit("car", car, owners=[held(now)], price="5")
    with frozen(MAY + timedelta(days=1)):
        edit("car", car, make="Lada")
        with pytest.raises(Invalid):
            edit("car", car, price=None)


def test_a_default_is_worked_out_through_a_link_with_periods() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field(
            "deal", "client", default_formula=change.read_default("deal", "client", "car.owners")
        )
    owner = contact("Белова")
    car = create("car", fields={"make": "Kia", "owners": [held(owner)]})
    deal = create("deal", fields={"car": car})
    assert get_record(system_actor(), spec("deal"), deal).values["client"] == owner


def test_more_linked_records_than_are_read_make_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("records.queries.values", "expressions.sql", "expressions.computing"):
        monkeypatch.setattr(f"trassa.{module}.MAX_ITEMS", 2)
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        formula = change.read_default("deal", "amount", "IFERROR(SUM(client.deals.amount); 77)")
        change.change_field("deal", "amount", default_formula=formula)
    anna = contact("Анна")
    for expected in (0, 0):
        deal = create("deal", fields={"client": anna})
        assert get_record(system_actor(), spec("deal"), deal).values["amount"] == expected
    edit("deal", deal, amount="5")
    third, fourth = (create("deal", fields={"client": anna}) for _number in range(2))
    amounts = [get_record(system_actor(), spec("deal"), id).values["amount"] for id in (third, fourth)]
    assert amounts == [5, 77]
