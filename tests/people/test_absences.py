"""Who is away, who stands in, and by which calendar people work."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.people import make_department, make_person

from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, frozen
from trassa.people.actions import (
    add_absence,
    change_absence,
    change_calendar,
    change_department,
    change_person,
    clear_exception,
    create_calendar,
    remove_absence,
    restore_calendar,
    retire_calendar,
    set_exception,
)
from trassa.people.models import Person
from trassa.people.queries import (
    calendar_of,
    company_calendar,
    exceptions_of,
    find_subordinates,
    get_absence,
    get_calendar,
    list_calendars,
    open_calendars,
    substitutes_of,
)
from trassa.people.types import AbsenceDraft, CalendarDraft, DayHours, add_working

pytestmark = pytest.mark.django_db
WEEK = (*["09:00-18:00"] * 5, "", "")
OFFICE = CalendarDraft("Офис", "Europe/Moscow", WEEK, country="RU")
JUNE = datetime(2026, 6, 1, 9, tzinfo=UTC)


def days(first: int, last: int, substitute: Person | None = None) -> AbsenceDraft:
    return AbsenceDraft(
        date(2026, 6, first), date(2026, 6, last), substitute_id=substitute.id if substitute else None
    )


def test_the_nearest_calendar_wins() -> None:
    company = create_calendar(
        "company", CalendarDraft("Компания", "Europe/Moscow", WEEK, is_company=True), actor_id=None
    )
    east = create_calendar("east", CalendarDraft("Восток", "Asia/Vladivostok", WEEK), actor_id=None)
    own = create_calendar("own", CalendarDraft("Своё", "Europe/Samara", WEEK), actor_id=None)
    top = make_department("top")
    below = make_department("below", parent=top)
    anna = make_person("anna", department=below)
    assert calendar_of(anna.id).code == company.code
    change_department(top, calendar=east, actor_id=None)
    assert calendar_of(anna.id).code == "east"
    change_person(anna, calendar=own, actor_id=None)
    assert calendar_of(anna.id).code == "own"
    assert open_calendars().of(None, below.id).code == "east"


def test_without_any_calendar_there_is_a_built_in_one() -> None:
    assert company_calendar().hours(date(2026, 6, 1))
    assert not company_calendar().hours(date(2026, 6, 12))


def test_only_one_calendar_is_the_companys() -> None:
    create_calendar("one", CalendarDraft("1", "UTC", WEEK, is_company=True), actor_id=None)
    create_calendar("two", CalendarDraft("2", "UTC", WEEK, is_company=True), actor_id=None)
    assert [row.code for row in list_calendars() if row.is_company] == ["two"]


def test_a_calendar_is_journalled_and_refuses_nonsense() -> None:
    row = create_calendar("office", OFFICE, actor_id=None)
    set_exception(row, date(2026, 6, 11), DayHours("09:00-17:00", "Сокращённый"), actor_id=None)
    clear_exception(row, date(2026, 6, 11), actor_id=None)
    kinds = [entry.kind for entry in list_entries(Stream("calendar", row.id))]
    assert kinds == ["changed", "changed", "created"]
    with pytest.raises(Invalid) as refusal:
        change_calendar(row, CalendarDraft("", "Moscow", ("",) * 7), actor_id=None)
    assert set(refusal.value.by_field) == {"name", "zone", "cycle"}
    with pytest.raises(Invalid):
        change_calendar(row, CalendarDraft("Офис", "UTC", ("nine",) * 7), actor_id=None)


def test_changing_a_calendar_makes_its_exceptions_those_of_the_draft() -> None:
    row = create_calendar("office", OFFICE, actor_id=None)
    set_exception(row, date(2026, 6, 11), DayHours("09:00-17:00"), actor_id=None)
    draft = CalendarDraft(
        "Офис", "Europe/Moscow", WEEK, exceptions={date(2026, 6, 15): DayHours("", "Юбилей")}
    )
    change_calendar(row, draft, actor_id=None)
    assert [(each.day, each.note) for each in exceptions_of(row)] == [(date(2026, 6, 15), "Юбилей")]


def test_a_calendar_in_use_stays() -> None:
    row = create_calendar("office", OFFICE, actor_id=None)
    anna = make_person("anna")
    change_person(anna, calendar=row, actor_id=None)
    with pytest.raises(Invalid):
        retire_calendar(row, actor_id=None)
    change_person(anna, calendar=None, actor_id=None)
    retire_calendar(row, actor_id=None)
    restore_calendar(get_calendar("office"), actor_id=None)
    assert [each.code for each in list_calendars()] == ["office"]


def test_only_administrators_keep_calendars() -> None:
    with pytest.raises(Forbidden):
        create_calendar("office", OFFICE, actor_id=make_person("anna").id)


def test_rest_without_a_substitute_is_not_working_time() -> None:
    anna, boris = make_person("anna"), make_person("boris")
    start = datetime(2026, 6, 5, 14, tzinfo=UTC)
    add_absence(anna, days(8, 11), actor_id=None)
    add_absence(boris, days(8, 11, anna), actor_id=None)
    book = open_calendars()
    assert add_working(book.of(anna.id), start, timedelta(hours=2)).date() == date(2026, 6, 15)
    assert add_working(book.of(boris.id), start, timedelta(hours=2)).date() == date(2026, 6, 8)


def test_people_enter_their_own_absences_until_they_begin() -> None:
    anna, boris = make_person("anna"), make_person("boris")
    with frozen(JUNE):
        row = add_absence(anna, days(8, 11), actor_id=anna.id)
        with pytest.raises(Forbidden):
            add_absence(anna, days(15, 16), actor_id=boris.id)
    with frozen(JUNE + timedelta(days=9)), pytest.raises(Forbidden):
        change_absence(row, days(8, 9), actor_id=anna.id)


def test_heads_enter_absences_of_the_branch_below_them() -> None:
    head, chief = make_person("head"), make_person("chief")
    top = make_department("top", head=chief)
    below = make_department("below", parent=top, head=head)
    anna = make_person("anna", department=below)
    with frozen(JUNE + timedelta(days=20)):
        row = add_absence(anna, days(8, 11), actor_id=head.id)
        change_absence(row, days(8, 10), actor_id=chief.id)
        remove_absence(row, actor_id=chief.id)
    kinds = [entry.kind for entry in list_entries(Stream("person", anna.id))]
    assert kinds[:3] == ["absence_removed", "absence_changed", "absence_added"]
    assert find_subordinates(chief.id) == {anna.id}
    assert find_subordinates(anna.id) == set()


def test_a_person_is_away_once_a_day() -> None:
    anna = make_person("anna")
    add_absence(anna, days(8, 11), actor_id=None)
    with pytest.raises(Invalid) as refusal:
        add_absence(anna, days(11, 12), actor_id=None)
    assert "08.06.2026" in str(refusal.value)
    with pytest.raises(Invalid):
        add_absence(anna, days(20, 19), actor_id=None)


def test_substitutes_are_followed_along_a_chain() -> None:
    anna, boris, vera = make_person("anna"), make_person("boris"), make_person("vera")
    add_absence(anna, days(8, 11, boris), actor_id=None)
    add_absence(boris, days(10, 20, vera), actor_id=None)
    everybody = [anna.id, boris.id, vera.id]
    assert substitutes_of(everybody, date(2026, 6, 8)) == {anna.id: boris.id}
    assert substitutes_of(everybody, date(2026, 6, 10)) == {anna.id: vera.id, boris.id: vera.id}
    add_absence(vera, days(11, 11), actor_id=None)
    assert substitutes_of(everybody, date(2026, 6, 11)) == dict.fromkeys(everybody)


def test_nobody_stands_in_for_themselves_along_a_circle() -> None:
    anna, boris, vera = make_person("anna"), make_person("boris"), make_person("vera")
    add_absence(anna, days(8, 11, boris), actor_id=None)
    add_absence(boris, days(10, 20, vera), actor_id=None)
    with pytest.raises(Invalid) as refusal:
        add_absence(vera, days(9, 10, anna), actor_id=None)
    assert "substitute" in refusal.value.by_field
    row = add_absence(vera, days(12, 14, anna), actor_id=None)
    assert get_absence(row.id).substitute_id == anna.id
    with pytest.raises(Invalid):
        add_absence(anna, days(20, 20, anna), actor_id=None)
