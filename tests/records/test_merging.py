"""Two records become one, and are two again."""

from typing import Any

import pytest
from django.db import connection
from tests.factories.records import CAUSE, allow, create, edit, make_actor, write

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Scope, Verb
from trassa.journal import Stream, list_entries, verify
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions.comments import add_comment
from trassa.records.actions.joining import Pick
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.unmerging import Unmerged, unmerge_records
from trassa.records.queries import find_duplicates, get_record, list_history
from trassa.records.queries.comments import list_comments
from trassa.records.queries.merges import find_survivor, list_taken_in
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")
VIN, OTHER_VIN = "WBAJU81020CB12345", "XTA210990Y2766389"


def spec(type: str = "car"):
    return current_generation().types[type]


def values(id: int, type: str = "car") -> Any:
    return get_record(system_actor(), spec(type), id).values


def version(id: int, type: str = "car") -> int:
    return get_record(system_actor(), spec(type), id).version


def merge(
    into: int, source: int, type: str = "car", *, actor: Actor | None = None, versions=None, **picks: str
):
    merging = Merging(type, into, source, versions or {}, {code: Pick(pick) for code, pick in picks.items()})
    return merge_records(merging, actor=actor or system_actor(), cause=CAUSE)


def unmerge(into: int, source: int, type: str = "car", *, actor: Actor | None = None) -> Unmerged:
    return unmerge_records(type, into, source, actor=actor or system_actor(), cause=CAUSE)


def write_row(sql: str, type: str, code: str, id: int) -> None:
    """Leave a row as an older time may have left it, past the write path."""
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=spec(type).table, column=spec(type).by_code[code].column), [id])


def kinds(id: int) -> list[str]:
    return [entry.kind for entry in list_entries(Stream("record", id))]


@pytest.fixture
def cars() -> tuple[int, int]:
    """The second one has the VIN, another price and the only year."""
    first = create("car", fields={"make": "Lada", "model": "Vesta", "price": "10"})
    return first, create("car", fields={"make": "LADA", "vin": VIN, "price": "20", "year": "2020"})


def test_the_survivor_keeps_its_values_and_fills_what_is_empty(cars: tuple[int, int]):
    first, second = cars
    merge(first, second)
    assert (values(first)["make"], values(first)["price"]) == ("Lada", 10)
    assert (values(first)["vin"], values(first)["year"]) == (VIN, 2020)
    assert get_record(system_actor(), spec(), first).title == "Lada Vesta, 2020"
    with pytest.raises(NotFound):
        get_record(system_actor(), spec(), second)
    assert find_survivor(second) == first


def test_each_field_can_be_chosen(cars: tuple[int, int]):
    first, second = cars
    merge(first, second, make="from", price="from", vin="into")
    assert (values(first)["make"], values(first)["price"], values(first)["vin"]) == ("LADA", 20, None)


def test_a_unique_value_of_either_may_stay():
    first = create("car", fields={"make": "Lada", "vin": OTHER_VIN})
    second = create("car", fields={"make": "LADA", "vin": VIN})
    merge(first, second, vin="from")
    assert values(first)["vin"] == VIN
    unmerge(first, second)
    assert (values(first)["vin"], values(second)["vin"]) == (OTHER_VIN, VIN)


def test_links_of_every_kind_lead_to_the_survivor(cars: tuple[int, int]):
    first, second = cars
    other = create("car", fields={"make": "UAZ"})
    deal = create("deal", fields={"car": second, "other_cars": [second, other]})
    both = create("deal", fields={"other_cars": [first, second]})
    binned = create("deal", fields={"car": second})
    write(Write(Change.BIN, "deal", id=binned))
    merge(first, second)
    assert values(deal, "deal")["car"] == first
    assert sorted(values(deal, "deal")["other_cars"]) == [first, other]
    assert values(both, "deal")["other_cars"] == [first]
    write(Write(Change.RESTORE, "deal", id=binned))
    assert values(binned, "deal")["car"] == first
    assert get_record(system_actor(), spec("deal"), deal).title.startswith("Lada Vesta")


def test_everything_comes_back(cars: tuple[int, int]):
    first, second = cars
    deal = create("deal", fields={"car": second, "other_cars": [first, second]})
    before = [dict(values(id)) for id in cars], dict(values(deal, "deal"))
    merge(first, second, make="from", price="from")
    assert unmerge(first, second).stayed == []
    after = [dict(values(id)) for id in cars], dict(values(deal, "deal"))
    assert after == before
    assert find_survivor(second) is None
    assert verify().problems == []


def test_links_with_periods_are_joined_and_parted():
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        for code, exclusive in (("owners", True), ("keepers", False)):
            label = Label("Владельцы" if exclusive else "Хранители")
            change.add_field(
                "car", code, "dated_link", label=label, target="contact", settings={"exclusive": exclusive}
            )
    one, two = (create("contact", fields={"name": name}) for name in ("Егоров", "Егоров П."))
    first_half, second_half = (
        {"from": "2026-01-01", "to": "2026-06-30"},
        {"from": "2026-05-01", "to": "2026-12-31"},
    )
    car = create(
        "car",
        fields={"make": "Lada", "keepers": [{"id": one, **first_half}, {"id": two, **second_half}]},
    )
    merge(one, two, "contact")
    [period] = values(car)["keepers"]
    assert (period.id, str(period.since), str(period.until)) == (one, "2026-01-01", "2026-12-31")
    unmerge(one, two, "contact")
    assert [link.id for link in values(car)["keepers"]] == [one, two]


def test_the_survivors_periods_win_where_only_one_may_be_linked():
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field(
            "car",
            "owners",
            "dated_link",
            label=Label("Владельцы"),
            target="contact",
            settings={"exclusive": True},
        )
    one, two = (create("contact", fields={"name": name}) for name in ("Егоров", "Белова"))
    first = create("car", fields={"make": "Lada", "owners": [{"id": one, "from": "2026-03-01", "to": None}]})
    second = create(
        "car",
        fields={
            "make": "Lada",
            "owners": [
                {"id": two, "from": "2026-01-01", "to": "2026-02-01"},
                {"id": two, "from": "2026-02-15", "to": "2026-04-01"},
            ],
        },
    )
    merge(first, second)
    assert [(link.id, str(link.since)) for link in values(first)["owners"]] == [
        (two, "2026-01-01"),
        (one, "2026-03-01"),
    ]
    unmerge(first, second)
    assert [link.id for link in values(first)["owners"]] == [one]
    assert [link.id for link in values(second)["owners"]] == [two, two]


def test_comments_move_and_return_and_later_ones_stay(cars: tuple[int, int]):
    first, second = cars
    old = add_comment(system_actor(), spec(), second, "Старый", cause=CAUSE)
    merge(first, second)
    new = add_comment(system_actor(), spec(), first, "Новый", cause=CAUSE)
    assert [line.id for line in list_comments(first)] == [new.id, old.id]
    comments = [entry.comment.id for entry in list_history(system_actor(), spec(), first) if entry.comment]
    assert comments == [new.id, old.id]
    unmerge(first, second)
    assert [line.id for line in list_comments(first)] == [new.id]
    assert [line.id for line in list_comments(second)] == [old.id]


def test_history_of_both_is_read_as_one_page_by_page(cars: tuple[int, int]):
    first, second = cars
    edit("car", second, price="21")
    edit("car", first, price="11")
    merge(first, second)
    whole = list_history(system_actor(), spec(), first)
    assert [(entry.kind, entry.record_id) for entry in whole] == [
        ("merged", None),
        ("joined", second),
        ("changed", None),
        ("changed", second),
        ("created", second),
        ("created", None),
    ]
    pages, before = [], None
    while page := list_history(system_actor(), spec(), first, before=before, limit=2):
        pages += page
        before = (page[-1].seq, page[-1].record_id)
    assert pages == whole
    unmerge(first, second)
    assert all(entry.record_id is None for entry in list_history(system_actor(), spec(), first))


def test_both_histories_tell_of_it(cars: tuple[int, int]):
    first, second = cars
    merge(first, second)
    assert list_entries(Stream("record", first))[0].cause["merged_from"] == second
    assert list_entries(Stream("record", second))[0].cause["merged_into"] == first
    unmerge(first, second)
    assert (kinds(first)[0], kinds(second)[0]) == ("unmerged", "parted")


def test_what_was_changed_since_stays_and_is_named(cars: tuple[int, int]):
    first, second = cars
    deal = create("deal", fields={"car": second})
    merge(first, second, price="from")
    edit("car", first, price="33")
    edit("deal", deal, car=None)
    stayed = unmerge(first, second).stayed
    assert {(each.type, each.id, each.key) for each in stayed} == {
        ("car", first, "price"),
        ("deal", deal, "car"),
    }
    assert (values(first)["price"], values(first)["year"], values(second)["price"]) == (33, None, 20)
    assert values(deal, "deal")["car"] is None


def test_a_list_that_was_changed_since_gives_back_what_came(cars: tuple[int, int]):
    first, second = cars
    third = create("car", fields={"make": "UAZ"})
    deal = create("deal", fields={"other_cars": [second]})
    merge(first, second)
    edit("deal", deal, other_cars=[first, third])
    assert unmerge(first, second).stayed == []
    assert sorted(values(deal, "deal")["other_cars"]) == [second, third]


def test_links_made_since_stay_with_the_survivor(cars: tuple[int, int]):
    first, second = cars
    merge(first, second)
    deal = create("deal", fields={"car": first})
    unmerge(first, second)
    assert values(deal, "deal")["car"] == first


def test_chains_lead_on_and_come_apart_in_reverse(cars: tuple[int, int]):
    first, second = cars
    third = create("car", fields={"make": "Lada"})
    deal = create("deal", fields={"car": second})
    merge(first, second)
    merge(third, first)
    assert (find_survivor(second), list_taken_in(third)) == (third, sorted((first, second)))
    assert values(deal, "deal")["car"] == third
    with pytest.raises(Conflict) as refused:
        unmerge(first, second)
    assert refused.value.code == "merged"
    unmerge(third, first)
    assert values(deal, "deal")["car"] == first
    unmerge(first, second)
    assert values(deal, "deal")["car"] == second
    assert values(second)["vin"] == VIN


def test_the_two_may_have_named_each_other():
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("contact", "advised_by", "link", label=Label("Кто советовал"), target="contact")
    one, two = (create("contact", fields={"name": name}) for name in ("Егоров", "Егоров П."))
    edit("contact", one, advised_by=two)
    merge(one, two, "contact")
    assert values(one, "contact")["advised_by"] is None
    unmerge(one, two, "contact")
    assert values(one, "contact")["advised_by"] == two


def test_a_masked_field_is_not_lost_and_not_chosen(cars: tuple[int, int]):
    first, second = cars
    edit("car", second, note="секрет", floor_price="5")
    edit("car", first, floor_price="4")
    actor = make_actor(*allow("car"))
    with pytest.raises(Invalid) as refused:
        merge(first, second, actor=actor, note="from")
    assert refused.value.errors[0].code == "unknown_field"
    merge(first, second, actor=actor)
    assert (values(first)["note"], values(first)["floor_price"]) == ("секрет", 4)
    assert "секрет" not in str(list_history(actor, spec(), first))


def test_merging_asks_for_rights_on_both(cars: tuple[int, int]):
    first, second = cars
    for verbs in ((Verb.SEE, Verb.EDIT), (Verb.SEE, Verb.DELETE)):
        with pytest.raises(Forbidden):
            merge(first, second, actor=make_actor(*allow("car", *verbs)))
    with pytest.raises(NotFound):
        merge(first, second, actor=make_actor(*allow("car", scope=Scope.OWN)))
    merge(first, second, actor=make_actor(*allow("car", Verb.SEE, Verb.EDIT, Verb.DELETE)))
    with pytest.raises(Forbidden):
        unmerge(first, second, actor=make_actor(*allow("car", Verb.SEE, Verb.EDIT)))


def test_links_of_records_out_of_reach_are_turned_too(cars: tuple[int, int]):
    first, second = cars
    deal = create("deal", fields={"car": second})
    merge(first, second, actor=make_actor(*allow("car")))
    assert values(deal, "deal")["car"] == first


def test_a_record_changed_since_the_screen_was_drawn_is_not_merged(cars: tuple[int, int]):
    first, second = cars
    versions = {id: version(id) for id in cars}
    edit("car", second, price="25")
    with pytest.raises(Conflict) as refused:
        merge(first, second, versions=versions)
    assert refused.value.code == "version_conflict"
    assert [error.field for error in refused.value.errors] == ["price"]


def test_a_merged_record_cannot_be_restored_or_merged_again(cars: tuple[int, int]):
    first, second = cars
    third = create("car", fields={"make": "UAZ"})
    merge(first, second)
    for attempt in (
        lambda: write(Write(Change.RESTORE, "car", id=second)),
        lambda: merge(third, second),
        lambda: merge(second, third),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "merged"


def test_a_record_is_not_merged_with_itself_or_with_another_type(cars: tuple[int, int]):
    with pytest.raises(Invalid):
        merge(cars[0], cars[0])
    with pytest.raises(NotFound):
        merge(cars[0], create("contact", fields={"name": "Егоров"}))


def test_a_required_field_cannot_be_emptied():
    first, second = create("contact", fields={"name": "А"}), create("contact", fields={"name": "Б"})
    write_row("UPDATE {table} SET {column} = NULL WHERE id = %s", "contact", "name", second)
    with pytest.raises(Invalid) as refused:
        merge(first, second, "contact", name="from")
    assert [(error.field, error.code) for error in refused.value.errors] == [("name", "required")]


def test_duplicates_are_gone_after_a_merge(cars: tuple[int, int]):
    first, second = cars
    merge(first, second)
    [found] = find_duplicates(system_actor(), spec(), [{"vin": VIN}])
    assert [each.id for each in found] == [first]


def test_unmerging_says_who_took_the_unique_value():
    first = create("car", fields={"make": "Lada"})
    second = create("car", fields={"make": "Lada", "vin": VIN})
    merge(first, second)
    edit("car", first, vin=None)
    third = create("car", fields={"make": "UAZ", "vin": VIN})
    with pytest.raises(Invalid) as refused:
        unmerge(first, second)
    assert refused.value.errors[0].code == "not_unique"
    assert values(third)["vin"] == VIN
    assert find_survivor(second) == first


def test_others_hear_of_it_without_values(cars: tuple[int, int]):
    first, second = cars
    deal = create("deal", fields={"car": second})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_outbox")
    merge(first, second)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text FROM journal_outbox")
        told = " ".join(row[0] for row in cursor.fetchall())
    assert all(f'"id": {id}' in told or f'"id":{id}' in told for id in (first, second, deal))
