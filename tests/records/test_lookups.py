"""Lookups show a field of a linked record, live and with the rights of the person who asks."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.records import CAUSE, allow, allow_field, create, edit, make_actor, write

from trassa.access.queries import Actor, system_actor, why
from trassa.access.types import Row, Scope, Verb
from trassa.kernel import Invalid
from trassa.records.queries import get_record, list_history, list_records
from trassa.records.types import Change, Filter, ListQuery, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation, pin_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")


@pytest.fixture(autouse=True)
def lookups(garage: None) -> None:
    """Deals show the phone of their client, and price, note and other things of their car."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "sold", "boolean", label=Label("Продан"))
        change.add_field("car", "keeper", "person", label=Label("Хранитель"))
        change.add_field("car", "seller", "link", label=Label("Продавец"), target="contact")
        shown = {
            "phone": "client.phone",
            "price": "car.price",
            "make": "car.make",
            "sold": "car.sold",
            "keeper": "car.keeper",
            "seller": "car.seller",
            "security_note": "car.note",
        }
        for code, path in shown.items():
            change.add_field("deal", code, "lookup", label=Label(code.capitalize()), shows=path)


def spec(type: str) -> Any:
    return current_generation().types[type]


def values(deal: int, actor: Actor | None = None) -> dict[str, Any]:
    return dict(get_record(actor or system_actor(), spec("deal"), deal).values)


def found(code: str, operation: str, value: Any, actor: Actor | None = None) -> list[int]:
    query = ListQuery(filters=[Filter(code, operation, value)], order="id")
    return [record.id for record in list_records(actor or system_actor(), spec("deal"), query).items]


def make_deal(**car: Any) -> int:
    client = create("contact", fields={"name": "Егоров", "phone": "89215550142"})
    return create("deal", fields={"client": client, "car": create("car", fields={"make": "Kia"} | car)})


def test_a_lookup_shows_the_value_as_it_is_now() -> None:
    deal = make_deal(price="100")
    shown = values(deal)
    assert (shown["phone"], shown["price"], shown["make"]) == ("+79215550142", 100, "Kia")
    edit("car", shown["car"], price="250")
    assert values(deal)["price"] == 250
    edit("deal", deal, car=None)
    assert values(deal)["price"] is None


def test_it_follows_a_link_that_itself_is_not_shown() -> None:
    deal = make_deal(price="100")
    [record] = list_records(system_actor(), spec("deal"), ListQuery(), fields=["price"]).items
    assert (record.id, dict(record.values)) == (deal, {"price": 100})


def test_a_record_without_a_link_shows_nothing() -> None:
    shown = values(create("deal"))
    assert (shown["phone"], shown["price"], shown["sold"]) == (None, None, None)


def test_a_linked_record_that_the_person_does_not_see_shows_nothing() -> None:
    deal = make_deal(price="100")
    seller = make_actor(*allow("deal"), *allow("contact"), *allow("car", Verb.SEE, scope=Scope.OWN))
    shown = values(deal, seller)
    assert (shown["phone"], shown["price"]) == ("+79215550142", None)
    own = make_deal()
    edit("deal", own, car=create("car", owner=seller.id, fields={"make": "Kia", "price": "7"}))
    assert values(own, seller)["price"] == 7
    blind = make_actor(*allow("deal"))
    assert (values(deal, blind)["phone"], values(deal, blind)["price"]) == (None, None)


def test_a_linked_record_in_the_bin_shows_nothing() -> None:
    deal = make_deal(price="100")
    write(Write(Change.BIN, "car", id=values(deal)["car"]))
    assert values(deal)["price"] is None


def test_it_is_masked_when_the_shown_field_is() -> None:
    deal = make_deal()
    seller = make_actor(*allow("deal"), *allow("car"))
    guard = make_actor(*allow("deal"), *allow("car"), *allow_field("car", "note"))
    assert "security_note" not in values(deal, seller)
    assert "security_note" in values(deal, guard)
    with pytest.raises(Invalid):
        found("security_note", "eq", "x", seller)


def test_it_is_masked_when_the_link_is() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_type("deal", title_template="{car}")
        change.change_field("deal", "client", restricted=True)
    deal = make_deal()
    seller = make_actor(*allow("deal"), *allow("contact"))
    assert "phone" not in values(deal, seller)
    assert "phone" in values(deal, make_actor(*allow("deal"), *allow_field("deal", "client")))
    phone, row = spec("deal").by_code["phone"], Row(type_id=spec("deal").id)
    assert not why(seller, Verb.SEE, row, spec("deal"), phone).allowed


@pytest.mark.parametrize(
    ("code", "operation", "value", "expected"),
    [
        ("price", "gte", "100", {"dear"}),
        ("price", "lt", "100", {"cheap"}),
        ("price", "eq", "", {"bare", "unknown"}),
        ("price", "ne", "50", {"dear", "bare", "unknown"}),
        ("price", "ne", "", {"cheap", "dear"}),
        ("price", "in", "50,100", {"cheap", "dear"}),
        ("price", "empty", "true", {"bare", "unknown"}),
        ("price", "empty", "false", {"cheap", "dear"}),
        ("make", "contains", "ki", {"cheap", "dear", "unknown"}),
        ("sold", "eq", "true", {"dear"}),
        ("sold", "eq", "false", {"cheap", "bare", "unknown"}),
        ("sold", "ne", "true", {"cheap", "bare", "unknown"}),
        ("sold", "ne", "false", {"dear"}),
    ],
)
def test_lists_filter_by_what_is_shown(code: str, operation: str, value: str, expected: set[str]) -> None:
    deals = {
        "cheap": make_deal(price="50"),
        "dear": make_deal(price="100", sold=True),
        "unknown": make_deal(),
        "bare": create("deal"),
    }
    assert set(found(code, operation, value)) == {deals[name] for name in expected}


def test_nobody_guesses_a_value_by_filtering() -> None:
    deal = make_deal(price="100")
    blind = make_actor(*allow("deal"))
    partly = make_actor(*allow("deal"), *allow("car", Verb.SEE, scope=Scope.OWN))
    for actor in (blind, partly):
        assert found("price", "gte", "1", actor) == []
        assert found("price", "eq", "100", actor) == []
        assert found("price", "ne", "100", actor) == [deal]
        assert found("price", "empty", "true", actor) == [deal]


def test_a_list_is_not_sorted_by_a_lookup_and_says_so() -> None:
    with pytest.raises(Invalid) as refusal:
        list_records(system_actor(), spec("deal"), ListQuery(order="price"))
    assert refusal.value.errors[0].code == "unknown_order"


def test_nobody_writes_a_lookup_and_history_does_not_know_it() -> None:
    with pytest.raises(Invalid) as refusal:
        create("deal", fields={"price": "5"})
    assert refusal.value.errors[0].code == "read_only"
    deal = make_deal(price="100")
    [entry] = list_history(system_actor(), spec("deal"), deal)
    assert "price" not in {key for key, _pair in entry.changes}


def test_a_page_reads_all_lookups_in_one_round_trip() -> None:
    for _each in range(3):
        make_deal(price="1")
    fields = ["phone", "price", "make", "keeper"]
    with pin_generation(), CaptureQueriesContext(connection) as few:
        list_records(system_actor(), spec("deal"), ListQuery(), fields=fields)
    for _each in range(5):
        make_deal(price="1")
    with pin_generation(), CaptureQueriesContext(connection) as many:
        list_records(system_actor(), spec("deal"), ListQuery(), fields=fields)
    # The generation's number, the page, and what lies behind both links.
    assert len(few) == len(many) == 3


# What the schema takes


def refused(code: str, change_schema: Any) -> Invalid:
    with pytest.raises(Invalid) as refusal, changing_schema(actor_id=None, cause=CAUSE) as change:
        change_schema(change)
    assert refusal.value.code == code, refusal.value
    return refusal.value


def add(shows: str | None, **details: Any) -> Any:
    if shows:
        details["shows"] = shows
    return lambda change: change.add_field("deal", "extra", "lookup", label=Label("Ещё"), **details)


@pytest.mark.parametrize(
    "path",
    [
        None,
        "client",
        "phone.phone",
        "client.height",
        "amount.x",
        "other_cars.make",
        "nothing.make",
        "client.",
    ],
)
def test_what_a_lookup_cannot_show_is_refused(path: str | None) -> None:
    refused("invalid_lookup", add(path))


def test_a_lookup_shows_no_lookup_so_there_are_no_circles() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("contact", "deal", "link", label=Label("Сделка"), target="deal")
    assert "price" in str(
        refused(
            "invalid_lookup",
            lambda c: c.add_field("contact", "price", "lookup", label=Label("Цена"), shows="deal.price"),
        )
    )


def test_a_lookup_is_neither_required_nor_preset_nor_unique_nor_sorted() -> None:
    for details in ({"required": True}, {"default": "5"}, {"unique": True}, {"sortable": True}):
        refused("not_for_kind", add("car.price", **details))
    refused(
        "no_lookup", lambda c: c.add_field("deal", "extra", "text", label=Label("Ещё"), shows="car.price")
    )


def test_a_title_is_not_made_of_lookups() -> None:
    refused("lookup_in_title", lambda change: change.change_type("deal", title_template="{phone}"))


def test_what_is_shown_is_retired_after_its_lookups_and_comes_back_before() -> None:
    for type, code, user in (("car", "price", "deal.price"), ("deal", "client", "deal.phone")):
        refusal = refused("field_in_use", lambda c, type=type, code=code: c.retire_field(type, code))
        assert user in str(refusal)
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("deal", "phone")
        change.retire_field("contact", "phone")
    refused("retired", lambda c: c.restore_field("deal", "phone"))
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.destroy_field("contact", "phone")
    assert "phone" not in spec("deal").by_code
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.destroy_field("deal", "phone")


def test_a_renamed_field_is_still_shown() -> None:
    deal = make_deal(price="100")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("car", "price", new_code="asking_price")
    assert values(deal)["price"] == 100
