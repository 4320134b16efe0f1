"""A page asks once for everything that it counts, in as many queries however much there is."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.records import create
from tests.factories.tasks import give
from tests.factories.team import Team

from trassa.kernel import now
from trassa.schema.queries import current_generation
from trassa.work.actions.notices import tell
from trassa.work.notice_types import NewNotice

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(team: Team) -> Client:
    client = Client()
    client.force_login(team.seller)
    return client


def counts(browser: Client, *keys: str) -> Any:
    return browser.get("/counts", {"key": keys}).json()


def test_what_waits_what_is_to_be_approved_and_what_is_unread_come_together(
    team: Team, browser: Client
) -> None:
    give("Договор", owner_id=team.seller.id, kind="approval")
    give("Позвонить", owner_id=team.seller.id, kind="call", due_at=now() - timedelta(hours=1))
    tell([NewNotice(team.seller.id, "rule", "a", data={"text": "Позвоните"})])
    assert counts(browser, "inbox", "approvals", "notices") == {
        "inbox": {"text": "2", "hot": True},
        "approvals": {"text": "1", "hot": False},
        "notices": {"text": "1", "hot": False},
    }


def test_nothing_waits_is_an_empty_text_and_unknown_keys_are_absent(browser: Client) -> None:
    assert counts(browser, "inbox", "nonsense", "overdue.nonsense")["inbox"] == {"text": "", "hot": False}
    assert "nonsense" not in counts(browser, "nonsense")
    assert counts(browser) == {}


def make_late(team: Team) -> None:
    deal = create("deal", owner=team.seller.id)
    model = current_generation().types["deal"].model
    model._default_manager.filter(pk=deal).update(stage_due_at=now() - timedelta(days=1))


def test_overdue_records_are_those_that_the_person_sees(team: Team, browser: Client) -> None:
    make_late(team)
    assert counts(browser, "overdue.deal") == {"overdue.deal": {"text": "1", "hot": True}}
    other = Client()
    other.force_login(team.other_seller)
    assert counts(other, "overdue.deal") == {"overdue.deal": {"text": "", "hot": False}}


def test_all_counters_cost_the_same_few_queries_however_much_waits(team: Team, browser: Client) -> None:
    keys = ("inbox", "approvals", "notices", "overdue.deal", "overdue.car", "overdue.contact")
    counts(browser, *keys)
    with CaptureQueriesContext(connection) as few:
        counts(browser, *keys)
    for number in range(30):
        give(f"Позвонить {number}", owner_id=team.seller.id, due_at=now() - timedelta(hours=1))
        make_late(team)
    with CaptureQueriesContext(connection) as many:
        found = counts(browser, *keys)
    assert (found["inbox"]["text"], found["overdue.deal"]["text"]) == ("30", "30")
    assert len(many) <= len(few)
    # Who asks, the tree of departments, what waits, what is unread, what is overdue.
    assert len(few) <= 7


def test_a_page_has_one_place_for_each_counter_and_asks_for_none_itself(browser: Client) -> None:
    page = browser.get("/home/").content.decode()
    assert 'data-counts="/counts"' in page
    keys = re.findall(r'data-count="([^"]+)"', page)
    assert {"inbox", "approvals", "notices"} <= set(keys)
    assert len(keys) == len(set(keys))
