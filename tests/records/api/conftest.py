"""The small car business with its people, and a client for each of them."""

import pytest
from tests.factories.api import ApiClient, client_of
from tests.factories.records import make_garage
from tests.factories.team import Team, make_team


@pytest.fixture
def team(db: None) -> Team:
    make_garage()
    return make_team()


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
