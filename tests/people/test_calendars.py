"""Working time is exact, whatever holidays, shifts and clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from trassa.kernel import Invalid
from trassa.people.calendars import (
    NoWorkingTime,
    WorkingCalendar,
    add_duration,
    add_working,
    add_working_days,
    format_day,
    parse_day,
    working_between,
)
from trassa.people.durations import Duration

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = parse_day("09:00–13:00, 14:00–18:00")
OFFICE = WorkingCalendar("office", "Office", MOSCOW, (*[DAY] * 5, (), ()), country="RU")
SHIFTS = WorkingCalendar(
    "shifts", "2/2", MOSCOW, (parse_day("08:00–20:00"),) * 2 + ((), ()), starts_on=date(2026, 5, 1)
)
NIGHTS = WorkingCalendar(
    "nights", "Nights", ZoneInfo("Europe/Berlin"), (parse_day("20:00–08:00"), ()), date(2026, 3, 1)
)
BERLIN = WorkingCalendar("berlin", "Berlin", ZoneInfo("Europe/Berlin"), (parse_day("00:00–24:00"),) * 7)
CALENDARS = (OFFICE, SHIFTS, NIGHTS, BERLIN, OFFICE.with_rests([(date(2026, 7, 1), date(2026, 7, 28))]))

moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(
    lambda each: each.replace(tzinfo=UTC)
)
spans = st.integers(1, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
calendars = st.sampled_from(CALENDARS)


def at(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@settings(deadline=None)
@given(calendars, moments, spans)
def test_adding_then_measuring_gives_the_duration_back(
    calendar: WorkingCalendar, start: datetime, duration: timedelta
) -> None:
    end = add_working(calendar, start, duration)
    assert working_between(calendar, start, end) == duration
    begin = add_working(calendar, start, -duration)
    assert working_between(calendar, begin, start) == duration


@settings(deadline=None)
@given(calendars, moments, moments, spans)
def test_who_starts_later_ends_no_earlier(
    calendar: WorkingCalendar, one: datetime, other: datetime, duration: timedelta
) -> None:
    early, late = sorted((one, other))
    assert add_working(calendar, early, duration) <= add_working(calendar, late, duration)
    assert add_working(calendar, early, -duration) <= add_working(calendar, late, -duration)


@settings(deadline=None)
@given(calendars, moments, st.integers(-40, 40), st.integers(-40, 40))
def test_more_working_days_end_no_earlier(
    calendar: WorkingCalendar, start: datetime, one: int, other: int
) -> None:
    fewer, more = sorted((one, other))
    assert add_working_days(calendar, start, fewer) <= add_working_days(calendar, start, more)


@settings(deadline=None)
@given(calendars, moments, moments, st.integers(-20, 20))
def test_working_days_keep_the_order_of_starts(
    calendar: WorkingCalendar, one: datetime, other: datetime, count: int
) -> None:
    early, late = sorted((one, other))
    assert add_working_days(calendar, early, count) <= add_working_days(calendar, late, count)


@settings(deadline=None)
@given(calendars, moments, moments, moments)
def test_measures_add_up(calendar: WorkingCalendar, one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    parts = working_between(calendar, first, second) + working_between(calendar, second, third)
    assert parts == working_between(calendar, first, third) == -working_between(calendar, third, first)


def test_russian_holidays_are_days_off_and_transferred_weekends_are_worked() -> None:
    assert OFFICE.hours(date(2026, 1, 9)) == ()  # the rest of a Saturday in the holidays
    assert OFFICE.hours(date(2024, 4, 27)) == DAY  # a Saturday worked for a Monday
    assert OFFICE.hours(date(2024, 4, 29)) == ()
    assert OFFICE.hours(date(2026, 1, 12)) == DAY


def test_working_hours_pass_over_lunch_night_and_holidays() -> None:
    friday = at("2026-05-08T16:00")
    # Saturday the 9th is a holiday, Monday the 11th its transferred rest.
    assert add_working(OFFICE, friday, timedelta(hours=3)) == at("2026-05-12T10:00")
    assert add_working(OFFICE, friday, timedelta(hours=-3)) == at("2026-05-08T12:00")


def test_working_days_keep_the_time_and_count_whole_days_from_a_weekend() -> None:
    assert add_working_days(OFFICE, at("2026-06-04T14:30"), 2) == at("2026-06-08T14:30")
    assert add_working_days(OFFICE, at("2026-06-06T12:00"), 1) == at("2026-06-08T18:00")
    assert add_working_days(OFFICE, at("2026-06-06T12:00"), -1) == at("2026-06-05T09:00")
    assert add_working_days(OFFICE, at("2026-06-08T09:00"), 1) == at("2026-06-08T18:00")


def test_shifts_follow_their_first_day() -> None:
    assert [bool(SHIFTS.hours(date(2026, 5, day))) for day in range(1, 6)] == [True, True, False, False, True]
    assert add_working(SHIFTS, at("2026-05-02T19:00"), timedelta(hours=2)) == at("2026-05-05T09:00")


def test_a_night_shift_is_as_long_as_the_clocks_make_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    nightly = WorkingCalendar("nightly", "Every night", berlin, (parse_day("20:00–08:00"),))
    spring = working_between(nightly, at("2026-03-28T12:00", berlin), at("2026-03-29T12:00", berlin))
    autumn = working_between(nightly, at("2026-10-24T12:00", berlin), at("2026-10-25T12:00", berlin))
    assert (spring, autumn) == (timedelta(hours=11), timedelta(hours=13))


def test_time_of_the_clock_keeps_the_hour_over_days() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = at("2026-03-28T10:00", berlin).astimezone(berlin)
    assert add_duration(BERLIN, start, Duration(1, "day")) == at("2026-03-29T10:00", berlin)
    assert add_duration(BERLIN, start, Duration(24, "hour")) == at("2026-03-29T11:00", berlin)


def test_rest_of_a_person_is_not_working_time() -> None:
    away = OFFICE.with_rests([(date(2026, 6, 8), date(2026, 6, 11))])
    assert add_working(away, at("2026-06-05T17:00"), timedelta(hours=2)) == at("2026-06-15T10:00")


def test_a_calendar_without_work_says_so() -> None:
    with pytest.raises(NoWorkingTime):
        add_working(
            WorkingCalendar("none", "None", MOSCOW, ((),)), at("2026-06-05T17:00"), timedelta(hours=1)
        )


@pytest.mark.parametrize("text", ["9-18, 12:00–13:00", "09:00–25:00", "09:00–13:00, 12:00–18:00", "morning"])
def test_bad_hours_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_day(text)


def test_hours_are_written_as_they_are_read() -> None:
    for text in ("09:00–13:00, 14:00–18:00", "00:00–24:00", "20:00–08:00", ""):
        assert format_day(parse_day(text)) == text


@pytest.mark.parametrize("text", ["2 working days", "1 hour", "-30 minutes", "1 working minute"])
def test_durations_are_written_as_they_are_read(text: str) -> None:
    assert str(Duration.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2 рабочих дня", "2 working days"),
        ("1 рабочий день", "1 working day"),
        ("15 рабочих минут", "15 working minutes"),
        ("-4 часа", "-4 hours"),
        ("1 минута", "1 minute"),
        ("21 день", "21 days"),
    ],
)
def test_a_duration_may_be_written_in_russian(text: str, kept: str) -> None:
    assert str(Duration.parse(text)) == kept
    with translation.override("ru"):
        assert Duration.parse(text).words == text


@pytest.mark.parametrize("text", ["", "soon", "2 weeks", "1.5 hours", "working 2 days"])
def test_bad_durations_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Duration.parse(text)
