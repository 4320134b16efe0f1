"""The small car business with its people, and a client for each of them."""

import copy

import pytest
from tests.databases import Lay
from tests.factories.api import ApiClient, client_of
from tests.factories.records import make_garage, restart_numbers
from tests.factories.team import Team, make_team


@pytest.fixture(scope="module")
def _team(lay: Lay) -> Team:
    lay(make_garage)
    return lay(make_team)


@pytest.fixture
def team(_team: Team, db: None) -> Team:
    """Everybody as they were hired, and no record yet."""
    restart_numbers()
    return copy.deepcopy(_team)


@pytest.fixture
def seller(team: Team) -> ApiClient:
    return client_of(team, "seller")


@pytest.fixture
def other_seller(team: Team) -> ApiClient:
    return client_of(team, "other_seller")


@pytest.fixture
def head(team: Team) -> ApiClient:
    return client_of(team, "head")


@pytest.fixture
def admin(team: Team) -> ApiClient:
    return client_of(team, "administrator")


@pytest.fixture
def newcomer(team: Team) -> ApiClient:
    return client_of(team, "newcomer")
