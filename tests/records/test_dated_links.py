"""Links with periods: who owned which car when, on both ends, now and on a day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.records import CAUSE, allow, create, edit, make_actor, write

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Scope, Verb
from trassa.kernel import Conflict, Invalid, frozen
from trassa.records.actions.uniqueness import explain_violation
from trassa.records.queries import get_record, list_history, list_records
from trassa.records.types import Change, Filter, ListQuery, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation, list_discrepancies
from trassa.schema.types import Label, LinkPeriod

pytestmark = pytest.mark.usefixtures("garage")

MAY = datetime(2026, 5, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def owners(garage: None) -> None:
    """Cars have one owner at a time; a lookup shows the phone of the present one."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "owners", "dated_link", label=Label("Владелец"), target="contact")
        change.add_field("car", "owner_phone", "lookup", label=Label("Телефон"), shows="owners.phone")


def spec(type: str = "car") -> Any:
    return current_generation().types[type]


def period(id: int, since: str | None = None, until: str | None = None) -> dict[str, Any]:
    return {"id": id, "from": since, "to": until}


def make_owner(name: str, phone: str = "") -> int:
    return create("contact", fields={"name": name, "phone": phone})


def make_car(*periods: dict[str, Any]) -> int:
    return create("car", fields={"make": "Kia", "owners": list(periods)})


def found(operation: str, value: Any, code: str = "owners", actor: Actor | None = None) -> list[int]:
    query = ListQuery(filters=[Filter(code, operation, value)], order="id")
    with frozen(MAY):
        return [record.id for record in list_records(actor or system_actor(), spec(), query).items]


def values(car: int, actor: Actor | None = None) -> Any:
    with frozen(MAY):
        return get_record(actor or system_actor(), spec(), car).values


def test_periods_are_stored_with_both_days_and_read_in_order() -> None:
    first, second = make_owner("Егоров"), make_owner("Белова")
    car = make_car(period(second, "2026-05-01"), period(first, "2026-04-01", "2026-04-30"))
    assert values(car)["owners"] == [
        LinkPeriod(first, date(2026, 4, 1), date(2026, 4, 30)),
        LinkPeriod(second, date(2026, 5, 1)),
    ]
    assert list_discrepancies() == []


def test_a_record_may_be_linked_again_later() -> None:
    owner = make_owner("Егоров")
    car = make_car(period(owner, None, "2026-01-31"), period(owner, "2026-03-01"))
    assert len(values(car)["owners"]) == 2


def test_a_period_is_added_ended_changed_and_taken_away() -> None:
    first, second = make_owner("Егоров"), make_owner("Белова")
    car = make_car(period(first, "2026-04-01"))
    edit("car", car, owners=[period(first, "2026-04-01", "2026-04-30"), period(second, "2026-05-01")])
    assert [each.id for each in values(car)["owners"]] == [first, second]
    version = edit("car", car, owners=[period(second, "2026-05-02")])
    assert values(car)["owners"] == [LinkPeriod(second, date(2026, 5, 2))]
    assert edit("car", car, owners=[period(second, "2026-05-02")]) == version
    edit("car", car, owners=None)
    assert values(car)["owners"] == []


def test_overlapping_periods_are_an_error_of_the_field() -> None:
    first, second = make_owner("Егоров"), make_owner("Белова")
    with pytest.raises(Invalid) as refusal:
        make_car(period(first, "2026-04-01"), period(second, "2026-05-01"))
    [error] = refusal.value.errors
    assert (error.field, error.code) == ("owners", "overlap")


def test_the_database_itself_refuses_an_overlap_and_the_error_names_the_field() -> None:
    owner = make_owner("Егоров")
    car = make_car(period(owner, "2026-04-01"))
    statement = f"INSERT INTO {spec().by_code['owners'].link_table} VALUES (%s, %s, '[2026-04-10,]')"
    with connection.cursor() as cursor, pytest.raises(IntegrityError) as refusal, transaction.atomic():
        cursor.execute(statement, [car, owner])
    explained = explain_violation(refusal.value, current_generation())
    assert explained is not None
    assert [error.field for error in explained.errors] == ["owners"]


def test_two_people_who_change_periods_at_once_do_not_lose_any() -> None:
    first, second = make_owner("Егоров"), make_owner("Белова")
    car = make_car()
    edit("car", car, version=1, owners=[period(first, "2026-04-01")])
    with pytest.raises(Conflict) as conflict:
        write(Write(Change.EDIT, "car", car, 1, {"owners": [period(second, "2026-04-01")]}, merge=True))
    assert conflict.value.errors[0].field == "owners"


def test_a_record_that_the_person_does_not_see_cannot_be_linked() -> None:
    actor = make_actor(*allow("car"), *allow("contact", Verb.SEE, scope=Scope.OWN))
    stranger = make_owner("Егоров")
    with pytest.raises(Invalid):
        create("car", actor=actor, fields={"make": "Kia", "owners": [period(stranger)]})


def test_history_tells_periods_on_both_ends() -> None:
    owner = make_owner("Егоров")
    car = make_car(period(owner, "2026-04-01"))
    edit("car", car, owners=[period(owner, "2026-04-01", "2026-04-30")])
    before, after = [period(owner, "2026-04-01")], [period(owner, "2026-04-01", "2026-04-30")]
    entry = list_history(system_actor(), spec(), car)[0]
    assert entry.changes == (("owners", (before, after)),)
    ended, linked, _created = list_history(system_actor(), spec("contact"), owner)
    assert ended.changes == (
        ("car.owners", ([period(car, "2026-04-01")], [period(car, "2026-04-01", "2026-04-30")])),
    )
    assert linked.changes == (("car.owners", ([], [period(car, "2026-04-01")])),)


def test_a_list_finds_the_owner_of_today_of_a_day_and_of_any_time() -> None:
    first, second = make_owner("Егоров"), make_owner("Белова")
    past = make_car(period(first, "2026-04-01", "2026-04-30"))
    changed = make_car(period(first, None, "2026-05-14"), period(second, "2026-05-15"))
    free = make_car()
    assert found("eq", first) == []
    assert found("eq", second) == [changed]
    assert found("in", f"{first},{second}") == [changed]
    assert found("ne", second) == [past, free]
    assert found("ever", first) == [past, changed]
    assert found("on", f"{first}@2026-04-30") == [past, changed]
    assert found("on", f"{first}@2026-05-01") == [changed]
    assert found("on", f"{first},{second}@2026-05-15") == [changed]
    assert found("empty", "true") == [past, free]
    assert found("empty", "false") == [changed]


@pytest.mark.parametrize("value", ["5", "x@2026-04-01", "5@", "5@01.04.2026"])
def test_a_day_that_cannot_be_read_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        found("on", value)


def test_a_lookup_follows_the_present_owner() -> None:
    first, second = make_owner("Егоров", "+79215550101"), make_owner("Белова", "+79215550102")
    car = make_car(period(first, None, "2026-05-14"), period(second, "2026-05-15"))
    past = make_car(period(first, None, "2026-05-14"))
    assert values(car)["owner_phone"] == "+79215550102"
    assert values(past)["owner_phone"] is None
    with frozen(datetime(2026, 5, 14, 12, 0, tzinfo=UTC)):
        assert get_record(system_actor(), spec(), car).values["owner_phone"] == "+79215550101"
    assert found("eq", "+79215550102", "owner_phone") == [car]
    assert found("empty", "true", "owner_phone") == [past]
    blind = make_actor(*allow("car"))
    assert values(car, blind)["owner_phone"] is None
    assert found("eq", "+79215550102", "owner_phone", blind) == []


# The schema


def test_a_field_becomes_exclusive_only_when_no_periods_overlap() -> None:
    def make_exclusive(value: bool) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.change_field("car", "keepers", settings={"exclusive": value})

    with changing_schema(actor_id=None, cause=CAUSE) as change:
        details = {"label": Label("Хранители"), "target": "contact", "settings": {"exclusive": False}}
        change.add_field("car", "keepers", "dated_link", **details)
    first, second = make_owner("Егоров"), make_owner("Белова")
    car = create("car", fields={"make": "Kia", "keepers": [period(first), period(second, "2026-04-01")]})
    with pytest.raises(Invalid) as refusal:
        make_exclusive(True)
    assert refusal.value.code == "overlap"
    assert refusal.value.errors[0].field == "keepers"
    edit("car", car, keepers=[period(second, "2026-04-01")])
    make_exclusive(True)
    assert list_discrepancies() == []
    make_exclusive(False)
    edit("car", car, keepers=[period(first), period(second, "2026-04-01")])
    assert list_discrepancies() == []


def test_a_lookup_needs_a_link_to_one_record_at_a_time() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        details = {"label": Label("Хранители"), "target": "contact", "settings": {"exclusive": False}}
        change.add_field("car", "keepers", "dated_link", **details)
    with pytest.raises(Invalid), changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "keeper_phone", "lookup", label=Label("Телефон"), shows="keepers.phone")


def test_a_view_shows_owners_of_today_and_all_periods() -> None:
    owner = make_owner("Егоров", "+79215550101")
    make_car(period(owner, "2026-04-01"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT owners, owners_periods, owner_phone FROM data.car")
        [(now, periods, phone)] = cursor.fetchall()
    assert (now, phone) == ([owner], "+79215550101")
    assert '"from": "2026-04-01"' in str(periods).replace("'", '"')


def test_a_destroyed_field_takes_its_table_along() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("car", "owner_phone")
        change.retire_field("car", "owners")
        change.destroy_field("car", "owners")
    assert list_discrepancies() == []
