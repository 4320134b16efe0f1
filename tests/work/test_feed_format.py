"""A feed as RFC 5545 wants it, for the strictest of programs that read calendars."""

import re
from collections.abc import Sequence
from datetime import date

import icalendar
import pytest
from django.test import Client
from tests.factories.records import create
from tests.factories.tasks import give
from tests.factories.team import Team
from tests.work.clock import HTMX, browser, hours

from trassa.access.queries import system_actor
from trassa.api import buckets
from trassa.people.actions import add_absence
from trassa.people.types import AbsenceDraft
from trassa.work.actions import cancel_task
from trassa.work.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
#: Octets of a line without its end.
LONGEST = 75
UTC_MOMENT = re.compile(r"\d{8}T\d{6}Z")
TEXT = "Торг; «ключи», справка\\ПТС\nи второй ключ — " + "очень длинно 🚗 " * 20


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    buckets.clear()


@pytest.fixture
def feed(team: Team) -> bytes:
    """The calendar of a seller who has everything that a feed can tell."""
    give(TEXT.partition("\n")[0], owner_id=team.seller.id, kind="meeting", due_at=hours(2), text=TEXT)
    give("Позвонить", owner_id=team.seller.id, kind="call", due_at=hours(-30))
    off = give("Отпало", owner_id=team.seller.id, kind="meeting", due_at=hours(4))
    cancel_task(off, actor=system_actor())
    add_absence(team.seller, AbsenceDraft(date(2026, 12, 1), date(2026, 12, 3)), actor_id=None)
    deal = create("deal", actor=team.actor("head"), fields={"amount": "1"})
    for title in ("Одно", "Другое"):
        id = give(title, owner_id=team.head.id, record_id=deal, kind="meeting", due_at=hours(6))
        # Of a deal that they do not see: only that the time is taken.
        Task.objects.filter(id=id).update(owner=team.seller)
    text = browser(team).post("/calendar/feed", {"act": "make"}, headers=HTMX).content.decode()
    url = re.search(r"http://testserver(/calendar/feed/[^\"&]+\.ics)", text)
    assert url is not None
    return Client().get(url[1]).content


def test_lines_end_as_they_must_and_are_short(feed: bytes) -> None:
    assert feed.endswith(b"\r\n")
    lines = feed.split(b"\r\n")[:-1]
    assert all(0 < len(line) <= LONGEST for line in lines)
    # Folded between characters, not within one.
    assert [line.decode() for line in lines]
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(lines))


def test_every_line_is_a_property_with_a_value(feed: bytes) -> None:
    for line in unfolded(feed):
        assert re.fullmatch(r'[A-Z][A-Z0-9-]*(;[A-Z-]+=("[^"]*"|[^";:,]*))*:.*', line), line


def test_the_calendar_says_what_every_calendar_has_to(feed: bytes) -> None:
    lines = unfolded(feed)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert [line for line in lines if line.startswith(("VERSION", "PRODID"))] == [
        "VERSION:2.0",
        "PRODID:-//Trassa//Calendar//RU",
    ]
    # An answer to an invitation would need who invites.
    assert not any(line.startswith("METHOD") for line in lines)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in lines
    assert "X-PUBLISHED-TTL:PT15M" in lines


def test_every_event_has_its_identifier_once_and_moments_that_need_no_zone(feed: bytes) -> None:
    calendar = icalendar.Calendar.from_ical(feed)
    events = calendar.walk("VEVENT")
    assert len(events) == 5
    assert not [fault for each in events for fault in each.errors]
    for event in events:
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"):
            assert not isinstance(event[name], list), name
        assert UTC_MOMENT.fullmatch(event["DTSTAMP"].to_ical().decode())
        assert event["DTEND"].dt > event["DTSTART"].dt
        assert event["DTSTART"].params.get("VALUE") == event["DTEND"].params.get("VALUE")
        if event["DTSTART"].params.get("VALUE") != "DATE":
            assert UTC_MOMENT.fullmatch(event["DTSTART"].to_ical().decode())
    identifiers = [str(event["UID"]) for event in events]
    assert len(set(identifiers)) == len(identifiers)
    assert "TZID" not in feed.decode()


def test_texts_come_out_as_they_were_written(feed: bytes) -> None:
    events = {str(each["SUMMARY"]): each for each in icalendar.Calendar.from_ical(feed).walk("VEVENT")}
    meeting = events[TEXT.partition("\n")[0]]
    assert str(meeting["DESCRIPTION"]).startswith(TEXT.strip())


def unfolded(content: bytes) -> Sequence[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]
