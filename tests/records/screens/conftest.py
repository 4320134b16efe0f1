"""The small car business on screens: its layouts, its people, and a browser of htmx for each of them."""

import copy
import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests.databases import Lay
from tests.factories.records import CAUSE, create, make_garage, restart_numbers
from tests.factories.team import Team, make_team

from trassa.schema.actions import changing_schema
from trassa.schema.types import CardSection, Label, Layouts, one_tab

#: What Django's test client answers with; it has no public name.
Response = Any


@dataclass
class Screens:
    """Somebody at the screen: whole pages, and the parts that htmx asks for."""

    client: Client

    def page(self, url: str) -> Response:
        return self.client.get(url)

    def part(self, url: str, target: str = "", current: str = "") -> Response:
        """A fragment, as htmx asks for it from the page `current`."""
        return self.client.get(url, headers=htmx(target, current))

    def post(self, url: str, form: dict[str, Any] | None = None) -> Response:
        return self.client.post(url, form or {}, headers=htmx("div#dialog", ""))


def htmx(target: str, current: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://testserver{current}"}


def text_of(response: Response) -> str:
    """The answer's HTML, with plain spaces."""
    html: str = response.content.decode()
    return html.replace("\u00a0", " ")


def news_of(response: Response) -> dict[str, Any]:
    """The events that an answer sends to the page."""
    found: dict[str, Any] = json.loads(response.headers.get("HX-Trigger", "{}"))
    return found


def lay_out_deals() -> None:
    """The layouts of deals that these tests look at."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_layouts(
            "deal",
            Layouts(
                card=one_tab(
                    CardSection(Label("Условия", "Terms"), ("amount", "source", "visit_on", "owner")),
                    CardSection(Label("Кто и что", "Who and what"), ("client", "car", "other_cars")),
                ),
                list_columns=(
                    "title",
                    "number",
                    "stage",
                    "client",
                    "source",
                    "amount",
                    "owner",
                    "created_at",
                ),
                board_subtitle=("source", "visit_on"),
                board_sum="amount",
            ),
        )


@pytest.fixture(scope="module")
def _team(lay: Lay) -> Team:
    lay(make_garage)
    lay(lay_out_deals)
    return lay(make_team)


@pytest.fixture
def team(_team: Team, db: None) -> Team:
    """Everybody as they were hired, and no record yet."""
    restart_numbers()
    return copy.deepcopy(_team)


def screens_of(team: Team, who: str) -> Screens:
    client = Client()
    client.force_login(getattr(team, who))
    return Screens(client)


@pytest.fixture
def seller(team: Team) -> Screens:
    return screens_of(team, "seller")


@pytest.fixture
def other_seller(team: Team) -> Screens:
    return screens_of(team, "other_seller")


@pytest.fixture
def head(team: Team) -> Screens:
    return screens_of(team, "head")


@pytest.fixture
def admin(team: Team) -> Screens:
    return screens_of(team, "administrator")


@pytest.fixture
def newcomer(team: Team) -> Screens:
    return screens_of(team, "newcomer")


@pytest.fixture
def deal(team: Team) -> int:
    """The seller's deal about a car, in the stage "new"."""
    client = create("contact", fields={"name": "Егоров Пётр"})
    car = create("car", fields={"make": "Porsche", "model": "Cayenne", "year": "2022"})
    return create(
        "deal",
        pipeline="sales",
        owner=team.seller.id,
        fields={"client": client, "car": car, "amount": "5800000"},
    )
