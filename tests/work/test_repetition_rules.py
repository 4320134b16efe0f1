"""Rules of repetition: when the next moment is, what is refused, and how a rule is told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given as given_by
from hypothesis import strategies as st

from trassa.people.types import WorkingCalendar, parse_day
from trassa.work.repetition import NotARule, in_words, next_moment, read_repetition

#: A Friday, six in the evening in Moscow.
DUE = datetime(2026, 11, 27, 15, tzinfo=UTC)
DAY = parse_day("09:00–18:00")
OFFICE = WorkingCalendar("", "", ZoneInfo("Europe/Moscow"), (*[DAY] * 5, (), ()), country="RU")


def comes(rule: str, after: datetime = DUE, starts: datetime = DUE, **more: Any) -> str:
    found = next_moment(read_repetition(rule, **more), starts, after, OFFICE)
    return found.astimezone(OFFICE.zone).strftime("%a %d.%m.%y %H:%M") if found else ""


def test_the_next_moment_follows_the_rule() -> None:
    assert comes("FREQ=DAILY;INTERVAL=3") == "Mon 30.11.26 18:00"
    assert comes("FREQ=WEEKLY;BYDAY=MO,TH") == "Mon 30.11.26 18:00"
    assert comes("FREQ=WEEKLY;BYDAY=MO,TH", DUE + timedelta(days=4)) == "Thu 03.12.26 18:00"
    assert comes("FREQ=MONTHLY;BYMONTHDAY=15") == "Tue 15.12.26 18:00"
    assert comes("FREQ=MONTHLY;BYMONTHDAY=-1") == "Mon 30.11.26 18:00"
    assert comes("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1") == "Mon 30.11.26 18:00"
    assert comes("FREQ=YEARLY") == "Sat 27.11.27 18:00"


def test_counted_from_the_end_the_days_run_from_when_the_last_one_was_done() -> None:
    late = datetime(2026, 12, 8, 20, tzinfo=UTC)
    assert comes("FREQ=DAILY;INTERVAL=3", late, after_end=True) == "Fri 11.12.26 18:00"
    assert comes("FREQ=WEEKLY", late, after_end=True) == "Tue 15.12.26 18:00"


def test_days_off_are_left_out_or_passed_to_the_next_working_day() -> None:
    new_year = datetime(2026, 12, 30, 15, tzinfo=UTC)
    assert comes("FREQ=DAILY", days_off="skip") == "Mon 30.11.26 18:00"
    assert comes("FREQ=WEEKLY;BYDAY=SA", days_off="next") == "Mon 30.11.26 18:00"
    assert comes("FREQ=WEEKLY;BYDAY=SA") == "Sat 28.11.26 18:00"
    # Russia rests from the last day of the year until the middle of January.
    assert comes("FREQ=DAILY", new_year, days_off="skip").startswith("Mon 11.01.27")
    assert comes("FREQ=DAILY", new_year, days_off="next").startswith("Mon 11.01.27")


def test_a_series_ends_with_its_last_day() -> None:
    assert comes("FREQ=DAILY;UNTIL=20261128") == "Sat 28.11.26 18:00"
    assert comes("FREQ=DAILY;UNTIL=20261127") == ""


@pytest.mark.parametrize(
    "rule",
    [
        *("", "DAILY", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;FREQ=DAILY", "BYDAY=MO"),
        *("FREQ=DAILY;COUNT=2;UNTIL=20270101", "FREQ=DAILY;UNTIL=20271399", "FREQ=WEEKLY;BYDAY=1MO"),
        *("FREQ=DAILY;BYMONTHDAY=1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;DTSTART=20260101"),
    ],
)
def test_what_is_no_rule_or_never_comes_is_refused(rule: str) -> None:
    with pytest.raises(NotARule):
        read_repetition(rule)


def test_counted_from_the_end_only_a_span_makes_sense() -> None:
    with pytest.raises(NotARule):
        read_repetition("FREQ=WEEKLY;BYDAY=MO", after_end=True)


@given_by(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 999), st.booleans())
def test_the_next_moment_always_lies_ahead_at_the_same_time_of_the_clock(
    frequency: str, interval: int, after_end: bool
) -> None:
    rule = read_repetition(f"FREQ={frequency};INTERVAL={interval}", after_end=after_end)
    zone = OFFICE.zone
    found = next_moment(rule, DUE, DUE, OFFICE)
    assert found is None or found > DUE
    assert found is None or found.astimezone(zone).time() == DUE.astimezone(zone).time()


def test_a_repetition_is_told_in_words() -> None:
    def words(rule: str, **more: Any) -> str:
        return in_words(read_repetition(rule, **more)).replace("\xa0", " ")

    with override("ru"):
        assert words("FREQ=DAILY", days_off="skip") == "каждый рабочий день"
        assert words("FREQ=WEEKLY;BYDAY=MO,TH") == "каждую неделю по понедельникам и четвергам"
        assert words("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR") == "каждые 2 недели по будням"
        assert words("FREQ=MONTHLY;BYMONTHDAY=15") == "каждый месяц 15-го числа"
        assert words("FREQ=MONTHLY;BYMONTHDAY=1,15,30") == "каждый месяц 1-го, 15-го и 30-го числа"
        assert words("FREQ=DAILY;INTERVAL=3", after_end=True) == "каждые 3 дня после выполнения"
        assert words("FREQ=WEEKLY;INTERVAL=2;COUNT=5", days_off="next") == (
            "каждые 2 недели; с выходного на следующий рабочий день, 5 раз"
        )
    with override("en"):
        assert words("FREQ=DAILY", days_off="skip") == "every working day"
        assert words("FREQ=WEEKLY;BYDAY=MO,TH") == "every week on Monday and Thursday"
        assert words("FREQ=WEEKLY;BYDAY=MO,WE,SU") == "every week on Monday, Wednesday and Sunday"
        assert words("FREQ=MONTHLY;BYMONTHDAY=1,22") == "every month on the 1st and 22nd"
        assert words("FREQ=DAILY;INTERVAL=3", after_end=True) == "every 3 days after completion"
