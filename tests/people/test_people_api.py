"""People, departments and roles for programs."""

from typing import Any

import pytest
from django.test import Client
from tests.databases import Lay
from tests.factories.records import make_garage
from tests.factories.team import Team, make_team

from trassa.journal import Stream, list_entries
from trassa.people.queries import get_person, roles_of


@pytest.fixture(scope="module")
def built(lay: Lay) -> Team:
    def build() -> Team:
        make_garage()
        return make_team()

    return lay(build)


@pytest.fixture
def team(db: None, built: Team, settings: Any) -> Team:
    settings.ROOT_URLCONF = "trassa.config.urls"
    return built


def headers(team: Team, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {team.token('administrator', *scopes)}"}


def post(client: Client, address: str, body: Any, sent: dict[str, str]) -> Any:
    return client.post(f"/api/v1{address}", body, content_type="application/json", headers=sent)


NEW = {"login": "vera", "name": "Седова Вера", "department": "sales", "roles": ["seller"]}


def test_a_program_creates_dismisses_and_readmits_people(client: Client, team: Team) -> None:
    sent = headers(team, "read", "write", "admin")
    created = post(client, "/people", NEW, sent)
    assert created.status_code == 201
    vera = created.json()
    assert (vera["department"]["code"], vera["roles"], vera["is_active"]) == ("sales", ["seller"], True)
    assert [role.code for role in roles_of(vera["id"])] == ["seller"]
    assert "token" in list_entries(Stream("person", vera["id"]))[0].cause
    assert post(client, f"/people/{vera['id']}/dismiss", {}, sent).json()["is_active"] is False
    assert not get_person(vera["id"]).is_active
    assert post(client, f"/people/{vera['id']}/readmit", {}, sent).json()["is_active"] is True
    assert client.get(f"/api/v1/people/{vera['id']}", headers=sent).json()["login"] == "vera"


def test_a_token_without_the_scope_admin_creates_nobody(client: Client, team: Team) -> None:
    refused = post(client, "/people", NEW, headers(team))
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"department": "absent"}, "department"),
        ({"roles": ["absent"]}, "roles"),
        ({"login": "seller"}, "login"),
    ],
)
def test_what_does_not_fit_is_named(client: Client, team: Team, wrong: dict[str, Any], field: str) -> None:
    refused = post(client, "/people", {**NEW, **wrong}, headers(team, "read", "write", "admin"))
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_the_last_administrator_stays(client: Client, team: Team) -> None:
    sent = headers(team, "read", "write", "admin")
    assert post(client, f"/people/{team.administrator.id}/dismiss", {}, sent).status_code == 409


def test_a_role_is_read_with_its_grants_by_codes(client: Client, team: Team) -> None:
    head = client.get("/api/v1/roles/head", headers=headers(team)).json()
    assert head["holders"] == [team.head.id]
    place = {"type": "car", "pipeline": None, "stage": None}
    assert {"verb": "see", "scope": "all", **place, "field": "floor_price"} in head["grants"]
    everything = client.get("/api/v1/roles", headers=headers(team)).json()
    assert [(role["code"], role["people"]) for role in everything["items"]] == [("head", 1), ("seller", 2)]


def test_departments_come_with_parents(client: Client, team: Team) -> None:
    items = client.get("/api/v1/departments", headers=headers(team)).json()["items"]
    by_code = {item["code"]: item for item in items}
    assert by_code["sales"]["parent"] == by_code["branch"]["id"]
