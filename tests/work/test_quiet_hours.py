"""What may disturb nobody now comes when quiet hours end, or in the digest: as one, in the person's zone."""

from datetime import UTC, datetime, time, timedelta

import pytest
from tests.factories.people import make_calendar
from tests.factories.records import create
from tests.factories.team import Team
from tests.work.letters import later, states, told
from tests.work.mail_server import MailBox
from tests.work.outbox import follow

from trassa.access.queries import Actor
from trassa.automation.actions import fire_due
from trassa.kernel import frozen, now
from trassa.people.actions import change_person
from trassa.people.models import Person
from trassa.people.queries import as_working
from trassa.people.types import WorkingCalendar
from trassa.work.actions import deliveries
from trassa.work.actions.channels import choose_channels
from trassa.work.actions.deliveries import plan_deliveries
from trassa.work.models import Delivery
from trassa.work.queries.channels import Wishes
from trassa.work.quiet_hours import Quiet, next_digest, next_moment

pytestmark = pytest.mark.django_db

NIGHT = Quiet(time(22), time(8))


@pytest.fixture
def seller(team: Team, box: MailBox) -> Actor:
    """Lives in Vladivostok, seven hours before the company."""
    person = Person.objects.get(id=team.seller.id)
    calendar = make_calendar(zone="Asia/Vladivostok")
    change_person(person, email="anna@dealer.example", calendar=calendar, actor_id=None)
    return team.actor("seller")


def serve(moment: datetime) -> None:
    """What the worker does at a moment."""
    with frozen(moment):
        fire_due()
        follow()


def test_what_a_night_holds_back_comes_in_the_morning_of_the_person_as_one_letter_with_links(
    team: Team, seller: Actor, box: MailBox
) -> None:
    choose_channels(Wishes(quiet=NIGHT), actor=seller)
    evening = datetime(2027, 3, 3, 23, 30, tzinfo=clock_of("Asia/Vladivostok").zone)
    with frozen(evening):
        told(seller, "late")
        follow(twice=True)
    with frozen(evening + timedelta(hours=4)):
        deal = create("deal", actor=team.actor("head"), owner=seller.id)
        follow(twice=True)
    serve(evening + timedelta(hours=8, minutes=29))
    assert (states(), box.letters) == (["due"], [])
    serve(evening + timedelta(hours=8, minutes=30))
    [letter] = box.letters
    assert letter["Subject"] == "2 уведомления"
    text = letter.get_content()
    assert "Позвоните клиенту" in text
    assert f"https://crm.dealer.example/r/deal/{deal}/" in text
    assert states() == ["sent"]


def test_planning_once_more_after_quiet_hours_sends_nothing_twice(seller: Actor, box: MailBox) -> None:
    choose_channels(Wishes(quiet=NIGHT), actor=seller)
    evening = datetime(2027, 3, 3, 23, 30, tzinfo=clock_of("Asia/Vladivostok").zone)
    with frozen(evening):
        held = told(seller)
        follow()
    serve(evening + timedelta(hours=9))
    with frozen(evening + timedelta(hours=10)):
        plan_deliveries(held)
        follow()
    assert (states(), len(box.letters)) == (["sent"], 1)


def test_what_comes_by_day_comes_at_once_and_alone(seller: Actor, box: MailBox) -> None:
    choose_channels(Wishes(quiet=NIGHT), actor=seller)
    with frozen(datetime(2027, 3, 3, 12, tzinfo=clock_of("Asia/Vladivostok").zone)):
        told(seller, "a", "b")
        follow()
    assert len(box.letters) == 2


def clock_of(zone: str = "Europe/Moscow") -> WorkingCalendar:
    return as_working(make_calendar(zone=zone), [])


@pytest.mark.parametrize(
    ("quiet", "at", "due"),
    [
        (Quiet(), "2027-03-03 23:30", "2027-03-03 23:30"),
        (Quiet(time(22), time(8)), "2027-03-03 12:00", "2027-03-03 12:00"),
        (Quiet(time(22), time(8)), "2027-03-03 03:00", "2027-03-03 08:00"),
        (Quiet(time(13), time(14)), "2027-03-03 13:00", "2027-03-03 14:00"),
        (Quiet(time(13), time(14)), "2027-03-03 14:00", "2027-03-03 14:00"),
        (Quiet(None, None, True), "2027-03-06 12:00", "2027-03-08 00:00"),
        (Quiet(time(22), time(8), True), "2027-03-05 23:00", "2027-03-08 08:00"),
    ],
)
def test_quiet_hours_end_when_they_say(team: Team, quiet: Quiet, at: str, due: str) -> None:
    calendar = clock_of()
    moment = datetime.fromisoformat(at).replace(tzinfo=calendar.zone)
    assert next_moment(moment, quiet, calendar).astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M") == due


def test_digests_come_at_the_full_hour_or_at_the_time_of_the_day(team: Team) -> None:
    calendar = clock_of()
    moment = datetime(2027, 3, 3, 9, 20, tzinfo=calendar.zone)
    assert next_digest(moment, "hourly", time(9), calendar) == datetime(2027, 3, 3, 7, tzinfo=UTC)
    assert next_digest(moment, "daily", time(9), calendar) == datetime(2027, 3, 4, 6, tzinfo=UTC)
    assert next_digest(moment, "daily", time(10), calendar) == datetime(2027, 3, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "hours"),
    [
        ("Europe/Moscow", "2027-03-27 23:00", 9),
        # The clock goes on by an hour in this night, and back by one in that.
        ("Europe/Berlin", "2027-03-27 23:00", 8),
        ("Europe/Berlin", "2027-10-30 23:00", 10),
    ],
)
def test_a_night_in_which_the_clock_changes_ends_when_the_clock_says(
    team: Team, zone: str, at: str, hours: int
) -> None:
    calendar = clock_of(zone)
    moment = datetime.fromisoformat(at).replace(tzinfo=calendar.zone).astimezone(UTC)
    end = next_moment(moment, NIGHT, calendar)
    assert end - moment == timedelta(hours=hours)
    assert end.astimezone(calendar.zone).time() == time(8)


def test_an_hour_that_the_clock_shows_twice_is_quiet_twice(team: Team) -> None:
    calendar = clock_of("Europe/Berlin")
    first = datetime(2027, 10, 31, 0, 15, tzinfo=UTC)
    for begin in (first, first + timedelta(hours=1)):
        assert begin.astimezone(calendar.zone).time() == time(2, 15)
        assert next_moment(begin, Quiet(time(2), time(2, 30)), calendar) == begin + timedelta(minutes=15)


def test_a_digest_gathers_what_has_come_and_leaves_out_what_was_read(seller: Actor, box: MailBox) -> None:
    choose_channels(Wishes(digest="hourly"), actor=seller)
    told(seller, "a")
    follow(twice=True)
    told(seller, "b", "c")
    follow(twice=True)
    assert (states(), box.letters) == (["due"], [])
    with later(hours=1):
        fire_due()
        follow()
    [letter] = box.letters
    assert letter["Subject"] == "3 уведомления"
    assert letter.get_content().count("Позвоните клиенту") == 3
    with later(hours=1):
        told(seller, "d")
        follow()
    assert states() == ["sent", "due"]


def test_a_digest_on_its_way_takes_nothing_more(
    seller: Actor, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_channels(Wishes(digest="hourly"), actor=seller)
    first = told(seller, "a")
    plan_deliveries(first)
    Delivery.objects.update(due_at=now())
    plan_deliveries(told(seller, "b"))
    assert [len(row.notices) for row in Delivery.objects.order_by("id")] == [1, 1]


def test_what_a_letter_has_no_room_for_is_counted_with_a_link(
    seller: Actor, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "MOST_IN_LETTER", 2)
    choose_channels(Wishes(digest="hourly"), actor=seller)
    told(seller, "a", "b", "c", "d", "e")
    follow()
    with later(hours=1):
        fire_due()
        follow()
    [letter] = box.letters
    assert letter["Subject"] == "5 уведомлений"
    assert letter.get_content().count("Позвоните клиенту") == 2
    assert "И ещё 3: https://crm.dealer.example/notifications/" in letter.get_content()
