"""Other calendars: the secret address that they read, files of theirs, and who has time for a meeting."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.records import create
from tests.factories.tasks import give
from tests.factories.team import Team
from tests.work.clock import HTMX, NOON, browser, hours

from trassa.access.queries import system_actor
from trassa.api import buckets
from trassa.kernel import Invalid, company_zone, frozen
from trassa.people.actions import add_absence, dismiss_person
from trassa.people.types import AbsenceDraft
from trassa.work.actions import cancel_task, change_task
from trassa.work.ics import MOST_BYTES, read_ics
from trassa.work.models import CalendarFeed, CalendarImport, Task
from trassa.work.views import feeds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
MOSCOW = "20261130T100000"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    buckets.clear()


def address(client: Client) -> str:
    """A new secret address of whoever this is."""
    answer = client.post("/calendar/feed", {"act": "make"}, headers=HTMX)
    text: str = answer.content.decode()
    start = text.index("http://testserver/calendar/feed/")
    return text[start : text.index(".ics", start) + 4].removeprefix("http://testserver")


def events_at(url: str) -> dict[str, icalendar.Event]:
    answer = Client().get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(each["SUMMARY"]): each for each in calendar.walk("VEVENT")}


def test_a_feed_tells_tasks_at_their_times_and_days_away(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(2), estimate_minutes=45)
    give("Егорову", owner_id=team.seller.id, kind="call", due_at=hours(3))
    off = give("Отпало", owner_id=team.seller.id, kind="meeting", due_at=hours(4))
    cancel_task(off, actor=system_actor())
    away = AbsenceDraft(date(2026, 12, 1), date(2026, 12, 3))
    add_absence(team.seller, away, actor_id=None)
    url = address(browser(team))
    found = events_at(url)
    meeting, call = found["Показ"], found["Звонок: Егорову"]
    assert (meeting["DTSTART"].dt, meeting["DTEND"].dt) == (hours(2), hours(2.75))
    assert (meeting["STATUS"], meeting["TRANSP"], meeting["SEQUENCE"]) == ("CONFIRMED", "OPAQUE", 0)
    assert call["TRANSP"] == "TRANSPARENT"
    assert found["Отпало"]["STATUS"] == "CANCELLED"
    assert f"http://testserver/tasks/{id}/" in str(meeting["DESCRIPTION"])
    vacation = found["Отпуск"]
    assert (vacation["DTSTART"].dt, vacation["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 4))
    with frozen(hours(1)):
        change_task(id, {"due_at": hours(5)}, actor=system_actor())
        # Another address is another secret, and the same event.
        moved = events_at(address(browser(team)))["Показ"]
    assert moved["UID"] == meeting["UID"]
    assert (moved["SEQUENCE"], moved["LAST-MODIFIED"].dt, moved["DTSTART"].dt) == (1, hours(1), hours(5))


def test_a_feed_holds_words_only_of_what_the_person_sees_at_the_time(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    give("Торг с Егоровым", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(2))
    url = address(browser(team))
    assert "Торг с Егоровым" in events_at(url)
    Task.objects.update(owner=team.other_seller)
    assert events_at(url) == {}
    found = events_at(address(browser(team, "other_seller")))
    assert list(found) == ["Занято"]
    assert "Егоров" not in found["Занято"].to_ical().decode()


def test_an_address_ends_with_the_next_one_with_its_withdrawal_and_with_dismissal(team: Team) -> None:
    client = browser(team)
    first = address(client)
    second = address(client)
    assert [Client().get(url).status_code for url in (first, second)] == [404, 200]
    # It is shown once, and kept as a digest only.
    assert second not in client.get("/calendar/feed", headers=HTMX).content.decode()
    secret = second.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret.encode() not in bytes(CalendarFeed.objects.get().digest)
    client.post("/calendar/feed", {"act": "withdraw"}, headers=HTMX)
    assert Client().get(second).status_code == 404
    third = address(client)
    dismiss_person(team.seller, actor_id=None)
    assert Client().get(third).status_code == 404


def test_a_feed_that_has_not_changed_is_not_sent_again(team: Team) -> None:
    give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(2))
    url = address(browser(team))
    tag = Client().get(url).headers["ETag"]
    assert Client().get(url, headers={"If-None-Match": tag}).status_code == 304
    give("Ещё", owner_id=team.seller.id, due_at=hours(3))
    assert Client().get(url, headers={"If-None-Match": tag}).status_code == 200


def test_who_tries_addresses_or_reads_one_too_often_has_to_wait(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "TRIES_PER_MINUTE", 2)
    monkeypatch.setattr(feeds, "READS_PER_MINUTE", 2)
    url = address(browser(team))
    tried = [Client().get(f"/calendar/feed/{number}.ics").status_code for number in range(4)]
    assert (tried[0], tried[-1]) == (404, 429)
    read = [Client().get(url).status_code for _number in range(4)]
    assert (read[0], read[-1]) == (200, 429)


def ics(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//RU", *events, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def event(uid: str, title: str, start: str = MOSCOW, *more: str) -> str:
    """An event of an hour, by the clock of the company unless it says otherwise."""
    end = start[:9] + f"{int(start[9:11]) + 1:02d}" + start[11:]
    body = [f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART:{start}", f"DTEND:{end}", *more]
    return "\r\n".join(["BEGIN:VEVENT", *body, "END:VEVENT"])


def bring(client: Client, content: bytes) -> str:
    """Brings a file; gives the address of its preview."""
    answer = client.post("/calendar/import/", {"file": SimpleUploadedFile("my.ics", content)})
    assert answer.status_code == 302, answer.content.decode()
    url: str = answer.headers["Location"]
    return url


def take(client: Client, content: bytes) -> str:
    url = bring(client, content)
    assert client.post(f"{url}start").status_code == 302
    return url


def meetings(team: Team) -> list[tuple[str, datetime | None, str]]:
    rows = Task.objects.filter(owner=team.seller).order_by("due_at", "id")
    return [(row.title, row.due_at, row.state) for row in rows]


def test_a_file_is_looked_at_first_and_then_becomes_meetings(team: Team) -> None:
    client = browser(team)
    whole_day = "\r\n".join(
        ["BEGIN:VEVENT", "UID:b", "SUMMARY:Праздник", "DTSTART;VALUE=DATE:20261201", "END:VEVENT"]
    )
    url = bring(client, ics(event("a", "Приём"), whole_day, event("c", "Давно", "20200101T100000")))
    text = " ".join(client.get(url).content.decode().split())
    for words in (
        "Приём",
        "Праздник",
        "Занимает целые дни",
        "Раньше или позже: 1",
        "Ничего ещё не произошло",
    ):
        assert words in text
    assert meetings(team) == []
    client.post(f"{url}start")
    # 10:00 in Moscow.
    assert meetings(team) == [("Приём", datetime(2026, 11, 30, 7, tzinfo=UTC), "open")]
    row = Task.objects.get()
    assert (row.kind, row.estimate_minutes, row.author_id) == ("meeting", 60, team.seller.id)
    assert bytes(CalendarImport.objects.get().content) == b""
    assert client.post(f"{url}start", headers=HTMX).status_code == 409


def test_the_same_file_doubles_nothing_and_a_newer_one_changes_what_is_another(team: Team) -> None:
    client = browser(team)
    take(client, ics(event("a", "Приём"), event("b", "Обед", "20261201T130000")))
    again = client.get(bring(client, ics(event("a", "Приём"), event("b", "Обед", "20261201T130000"))))
    assert "Уже так и есть: 2" in again.content.decode()
    newer = ics(
        event("a", "Приём у нас", "20261130T120000"),
        event("b", "Обед", "20261201T130000", "STATUS:CANCELLED"),
    )
    url = take(client, newer)
    noon = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert [(title, at, state) for title, at, state in meetings(team)] == [
        ("Приём у нас", noon, "open"),
        ("Обед", datetime(2026, 12, 1, 10, tzinfo=UTC), "cancelled"),
    ]
    answer = client.post(f"{url}undo", headers=HTMX)
    assert answer.status_code == 204
    assert [(title, state) for title, _at, state in meetings(team)] == [("Приём", "open"), ("Обед", "open")]


def test_taking_a_file_back_ends_its_meetings_but_not_what_was_changed_since(team: Team) -> None:
    client = browser(team)
    content = ics(event("a", "Приём"), event("b", "Обед", "20261201T130000"))
    url = take(client, content)
    kept = Task.objects.get(title="Обед")
    change_task(kept.id, {"text": "С Егоровым"}, actor=system_actor())
    answer = client.post(f"{url}undo", headers=HTMX)
    page = client.get(answer.headers["HX-Redirect"]).content.decode()
    assert "остались как есть: 1" in page
    assert [(title, state) for title, _at, state in meetings(team)] == [
        ("Приём", "cancelled"),
        ("Обед", "open"),
    ]
    assert client.post(f"{url}undo", headers=HTMX).status_code == 409
    take(client, content)
    assert [state for title, _at, state in meetings(team) if title == "Приём"] == ["cancelled", "open"]


def test_repeated_events_come_each_time_and_follow_the_file(team: Team) -> None:
    client = browser(team)
    weekly = event("w", "Планёрка", "20261130T100000", "RRULE:FREQ=WEEKLY;COUNT=3")
    take(client, ics(weekly))
    starts = [datetime(2026, 11, 30, 7, tzinfo=UTC) + timedelta(days=7 * number) for number in range(3)]
    assert [at for _title, at, _state in meetings(team)] == starts
    without = event("w", "Планёрка", "20261130T100000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261207T100000")
    moved = event("w", "Планёрка", "20261214T150000", "RECURRENCE-ID:20261214T100000")
    take(client, ics(without, moved))
    assert [(at, state) for _title, at, state in meetings(team)] == [
        (starts[0], "open"),
        (starts[1], "cancelled"),
        (starts[2] + timedelta(hours=5), "open"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "не календарь"),
        (b"\xff\xfe\x00", "не календарь"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR", "не календарь"),
        (b"x" * (MOST_BYTES + 1), "больше 2"),
        (
            ics(
                event("d", "День", MOSCOW, "RRULE:FREQ=DAILY"), event("e", "Ночь", MOSCOW, "RRULE:FREQ=DAILY")
            ),
            "500",
        ),
    ],
)
def test_bad_files_are_refused_with_what_to_do(team: Team, content: bytes, words: str) -> None:
    answer = browser(team).post("/calendar/import/", {"file": SimpleUploadedFile("a.ics", content)})
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY;BYMINUTE=1,2,3",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=NEVER",
        "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
    ],
)
def test_rules_that_would_never_end_are_not_followed(team: Team, rule: str) -> None:
    window = (NOON - timedelta(days=31), NOON + timedelta(days=366))
    try:
        found = read_ics(ics(event("r", "Часто", MOSCOW, rule), event("a", "Приём")), *window, company_zone())
    except Invalid:
        return
    assert [each.title for each in found.events if each.uid == "a"] == ["Приём"]
    assert len(found.events) <= 2


def test_what_trassa_itself_tells_is_not_taken_over(team: Team) -> None:
    give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(2))
    client = browser(team)
    content = Client().get(address(client)).content
    take_url = bring(client, content)
    assert "есть здесь" in client.get(take_url).content.decode()
    client.post(f"{take_url}start")
    assert Task.objects.count() == 1


def test_files_of_others_are_not_there(team: Team) -> None:
    url = bring(browser(team), ics(event("a", "Приём")))
    other = browser(team, "head")
    assert other.get(url).status_code == 404
    assert [other.post(f"{url}{act}").status_code for act in ("start", "undo", "forget")] == [404] * 3
    assert browser(team).post(f"{url}forget").status_code == 302
    assert CalendarImport.objects.count() == 0


def strip(client: Client, **sent: Any) -> str:
    values = {"kind": "meeting", "due": "2026-11-27T12:00", "estimate_minutes": "60", **sent}
    answer = client.post("/calendar/free-busy", values, headers=HTMX)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_the_form_of_a_meeting_says_who_has_time_and_when_all_have(team: Team) -> None:
    give("К врачу", owner_id=team.head.id, kind="meeting", due_at=hours(0), estimate_minutes=60)
    client = browser(team)
    text = strip(client, who=f"p{team.head.id}", co_workers=f"p{team.seller.id}")
    assert "занят" in text
    assert "12:00–13:00" in text
    assert "свободно" in text
    assert "врач" not in text
    # 13–14 is lunch.
    assert 'data-takes="2026-11-27T14:00"' in text
    assert "нерабочее время" in strip(client, due="2026-11-28T12:00")
    add_absence(team.head, AbsenceDraft(date(2026, 11, 27), date(2026, 11, 27), kind="sick"), actor_id=None)
    away = strip(client, who=f"p{team.head.id}")
    assert "отсутствует" in away
    assert "Болезнь" not in away


def test_nothing_is_said_of_what_is_no_meeting_or_has_no_time(team: Team) -> None:
    client = browser(team)
    assert strip(client, kind="call") == ""
    assert strip(client, due="") == ""
    assert strip(client, due="9999-12-31T12:00") == ""


def test_a_meeting_that_is_changed_does_not_stand_in_its_own_way(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(0), estimate_minutes=60)
    assert "свободно" in strip(browser(team), task=str(id))
    assert (
        browser(team, "other_seller")
        .post("/calendar/free-busy", {"task": str(id), "due": "2026-11-27T12:00"}, headers=HTMX)
        .status_code
        == 404
    )


def test_a_car_that_is_at_another_meeting_then_is_warned_about(team: Team) -> None:
    car = create("car", fields={"make": "BMW"})
    give("Тест-драйв", owner_id=team.head.id, record_id=car, kind="meeting", due_at=hours(0.5))
    assert "12:30–13:30 Тест-драйв" in strip(browser(team), record=str(car))
    assert "Тест-драйв" not in strip(browser(team), record=str(car), due="2026-11-27T14:00")
    assert "Тест-драйв" not in strip(browser(team, "newcomer"), record=str(car))
