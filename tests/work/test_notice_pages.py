"""Notices in the browser and over the API."""

from typing import Any

import pytest
from django.test import Client
from tests.databases import Lay
from tests.factories.api import client_of, errors_of
from tests.factories.records import create, make_garage
from tests.factories.team import Team, make_team
from tests.work.outbox import follow

from trassa.journal import read_ticket
from trassa.people.actions import change_preferences
from trassa.work.actions.notices import tell
from trassa.work.notice_types import NewNotice

pytestmark = pytest.mark.django_db

DATA = {"text": "Позвоните", "text_en": "Call them"}


@pytest.fixture(scope="module")
def team(lay: Lay) -> Team:
    lay(make_garage)
    return lay(make_team)


@pytest.fixture
def browser(team: Team) -> Client:
    return client_for(team, "seller")


def client_for(team: Team, who: str) -> Client:
    client = Client()
    person = getattr(team, who)
    client.force_login(person)
    change_preferences(person, actor_id=person.id, language="en")
    return client


def told(team: Team, *keys: str, who: str = "seller", **given: Any) -> list[int]:
    person = getattr(team, who).id
    return tell([NewNotice(person, "rule", key, **{"data": DATA, **given}) for key in keys])


def part(browser: Client, address: str) -> str:
    answer = browser.get(address, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def unread(browser: Client) -> str:
    """What stands on the bell."""
    return str(browser.get("/counts?key=notices").json()["notices"]["text"])


def test_the_bell_counts_what_is_unread(team: Team, browser: Client) -> None:
    assert unread(browser) == ""
    told(team, "a", "b")
    assert unread(browser) == "2"
    told(team, *(f"more{number}" for number in range(120)))
    assert unread(browser) == "99+"


def test_what_the_bell_opens_leads_to_the_record(team: Team, browser: Client) -> None:
    assert "Nothing new" in part(browser, "/notifications/newest")
    deal = create("deal", actor=team.actor("head"), owner=team.seller.id)
    follow()
    shown = part(browser, "/notifications/newest")
    assert f'href="/r/deal/{deal}/"' in shown
    assert "You are the owner now" in shown


def test_the_page_narrows_and_goes_on(team: Team, browser: Client) -> None:
    told(team, *(f"key{number}" for number in range(60)))
    create("deal", actor=team.actor("head"), owner=team.seller.id)
    follow()
    page = browser.get("/notifications/").content.decode()
    assert page.count("data-item") == 50 + 1
    assert "before=" in page
    page = browser.get("/notifications/?kind=assigned").content.decode()
    assert page.count("data-reads") == 1
    browser.post("/notifications/read")
    assert "No notification is of this kind" in browser.get("/notifications/?show=unread").content.decode()


def test_opening_marks_one_and_the_button_all_up_to_the_newest_shown(team: Team, browser: Client) -> None:
    first, second = told(team, "a", "b")
    assert browser.post("/notifications/read", {"id": str(first)}).status_code == 204
    assert unread(browser) == "1"
    told(team, "c")
    browser.post("/notifications/read", {"up_to": str(second)})
    assert unread(browser) == "1"
    browser.post("/notifications/read", {"id": str(second), "unread": "1"})
    assert unread(browser) == "2"


def test_a_ticket_lets_people_hear_of_their_own_notices_only(team: Team, browser: Client) -> None:
    topics = read_ticket(browser.get("/events-ticket").json()["ticket"])
    assert [topic for topic in topics if topic.startswith("work.n")] == [f"work.n{team.seller.id}"]


def test_who_looks_as_somebody_reads_nothing_for_them(team: Team) -> None:
    told(team, "a")
    admin = client_for(team, "administrator")
    admin.post(f"/people/{team.seller.id}/look")
    assert unread(admin) == "1"
    assert admin.post("/notifications/read").status_code == 403
    assert unread(admin) == "1"


def test_the_api_lists_pages_and_marks(team: Team) -> None:
    api = client_of(team, "seller")
    ids = told(team, "a", "b", "c")
    page = api.get("notifications", limit="2").json()
    assert ([each["id"] for each in page["items"]], page["unread"]) == (ids[:0:-1], 3)
    rest = api.get("notifications", limit="2", cursor=page["next"]).json()
    assert ([each["id"] for each in rest["items"]], rest["next"]) == (ids[:1], None)
    assert api.post("notifications/read", {"ids": ids[:1]}).json() == {"changed": 1, "unread": 2}
    assert [each["id"] for each in api.get("notifications", unread="true").json()["items"]] == ids[:0:-1]
    assert api.post("notifications/read", {"all": True, "up_to": ids[1]}).json() == {
        "changed": 1,
        "unread": 1,
    }
    assert api.post("notifications/read", {"ids": ids[:1], "read": False}).json()["unread"] == 2


def test_the_api_refuses_kinds_and_cursors_that_it_does_not_know(team: Team) -> None:
    api = client_of(team, "seller")
    assert errors_of(api.get("notifications", kind="nothing")) == {"kind": "unknown_kind"}
    assert errors_of(api.get("notifications", cursor="nothing")) == {"cursor": "invalid_cursor"}


def test_others_neither_see_nor_mark_them(team: Team) -> None:
    ids = told(team, "a")
    api = client_of(team, "head")
    assert api.get("notifications").json()["items"] == []
    assert api.post("notifications/read", {"ids": ids}).json()["changed"] == 0
