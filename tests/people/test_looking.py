"""An administrator looks at the system as another person, and changes nothing."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.databases import Lay
from tests.factories.records import create, make_garage
from tests.factories.team import Team, make_team

from trassa.journal import Stream, list_entries
from trassa.people.actions import change_person, dismiss_person
from trassa.people.queries import get_person
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation


@pytest.fixture(scope="module")
def built(lay: Lay) -> tuple[Team, int, int]:
    def build() -> tuple[Team, int, int]:
        make_garage()
        team = make_team()
        mine = create("deal", pipeline="sales", owner=team.seller.id, fields={"amount": "5"})
        return team, mine, create("deal", pipeline="sales", owner=team.other_seller.id)

    return lay(build)


@pytest.fixture
def team(db: None, built: tuple[Team, int, int]) -> Team:
    return built[0]


@pytest.fixture
def looking(team: Team, client: Client, settings: object) -> Client:
    """A browser in which the administrator looks as the seller."""
    settings.ROOT_URLCONF = "trassa.config.urls"  # type: ignore[attr-defined]
    client.force_login(team.administrator)
    assert client.post(f"/people/{team.seller.id}/look").status_code == 302
    return client


def test_one_sees_what_the_person_sees_and_a_banner(looking: Client, built: tuple[Team, int, int]) -> None:
    _team, mine, others = built
    shown = looking.get(f"/r/deal/{mine}/").content.decode()
    assert "Вы видите то, что видит Seller" in shown
    assert looking.get(f"/r/deal/{others}/").status_code == 404
    assert looking.get("/people/").status_code == 404
    assert looking.get("/api/v1/me").json()["login"] == "seller"


def test_every_write_is_refused_with_a_reason(looking: Client, built: tuple[Team, int, int]) -> None:
    team, mine, _others = built
    refused = looking.post(f"/r/deal/{mine}/fields/amount/save", {"amount": "9", "version": "1"})
    assert refused.status_code == 403
    assert "Сначала вернитесь к себе" in refused.content.decode()
    deal = current_generation().types["deal"]
    assert get_record(team.actor("administrator"), deal, mine).values["amount"] == 5
    body = {"version": 1, "fields": {"amount": "9"}}
    answer = looking.patch(f"/api/v1/records/deal/{mine}", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "looking_only")
    assert looking.post("/settings/theme", {"theme": "dark"}).status_code == 403
    assert looking.post(f"/people/{team.head.id}/look").status_code == 403


def test_posts_that_change_nothing_go_on_working(looking: Client) -> None:
    assert looking.post("/t/car/completions", {"text": "ма"}).status_code == 200


def test_back_to_oneself(looking: Client, team: Team) -> None:
    assert looking.post("/look/stop")["Location"] == f"/people/{team.seller.id}/"
    assert looking.get("/people/").status_code == 200
    assert "Вы видите то" not in looking.get("/people/").content.decode()


def test_beginning_and_end_are_in_the_history_of_the_person(looking: Client, team: Team) -> None:
    looking.post("/look/stop")
    entries = list_entries(Stream("person", team.seller.id), limit=2)
    assert [entry.kind for entry in entries] == ["looking_ended", "looking_started"]
    assert {entry.actor_id for entry in entries} == {team.administrator.id}
    assert "глазами этого сотрудника" in looking.get(f"/people/{team.seller.id}/").content.decode()


def test_signing_out_ends_the_administrators_session_and_the_look(looking: Client, team: Team) -> None:
    assert looking.post("/sign-out").status_code == 302
    assert looking.get("/people/")["Location"].startswith("/sign-in")
    assert list_entries(Stream("person", team.administrator.id), limit=1)[0].kind == "signed_out"
    assert list_entries(Stream("person", team.seller.id), limit=1)[0].kind == "looking_ended"


def test_it_ends_when_the_person_is_dismissed(looking: Client, team: Team) -> None:
    dismiss_person(team.seller, actor_id=None)
    assert looking.get("/people/").status_code == 200


def test_it_ends_when_the_administrator_is_none_any_more(looking: Client, team: Team) -> None:
    change_person(team.head, is_administrator=True, actor_id=None)
    change_person(team.administrator, is_administrator=False, actor_id=None)
    assert looking.get("/api/v1/me").json()["login"] == "admin"


def test_only_administrators_look_and_not_as_themselves_or_the_dismissed(looking: Client, team: Team) -> None:
    looking.post("/look/stop")
    dismiss_person(get_person(team.head.id), actor_id=None)
    for id in (team.administrator.id, team.head.id):
        assert looking.post(f"/people/{id}/look").status_code == 422
    looking.force_login(team.seller)
    assert looking.post(f"/people/{team.other_seller.id}/look").status_code == 404


def test_a_token_is_judged_by_itself(looking: Client, team: Team) -> None:
    headers = {"Authorization": f"Bearer {team.token('other_seller')}"}
    assert looking.get("/api/v1/me", headers=headers).json()["login"] == "seller2"


def test_looking_costs_one_query_more(
    looking: Client, team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    looking.get("/api/v1/me")
    with django_assert_num_queries(4):
        looking.get("/api/v1/me")
