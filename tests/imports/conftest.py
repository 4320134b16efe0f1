"""Imports are tested on a small pack with cars and their owners."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from tests.databases import Lay
from tests.factories.api import ApiClient, client_of
from tests.factories.packs import GARAGE, write_pack
from tests.factories.records import make_garage, restart_numbers
from tests.factories.team import Team, make_team

from trassa.solutions.actions import apply
from trassa.solutions.queries import plan

CLIENT = """code: client
label: {ru: Клиент, en: Client}
plural: {ru: Клиенты, en: Clients}
title: "{name}"
number: {prefix: К-}
fields:
  - {code: name, kind: text, label: {ru: Имя, en: Name}, required: true}
  - {code: phone, kind: phone, label: {ru: Телефон, en: Phone}}
"""
FIELDS = """fields:
  - {code: client, kind: link, target: client, label: {ru: Собственник, en: Owner of the car}}
  - {code: seller, kind: person, label: {ru: Продавец, en: Seller}}
  - {code: mileage, kind: number, label: {ru: "Пробег, км", en: "Mileage, km"}}
  - {code: secret, kind: text, label: {ru: Секрет, en: Secret}, restricted: true}
"""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def _garage(lay: Lay, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("garage")
    (folder / "types").mkdir()
    (folder / "types" / "client.yaml").write_text(CLIENT, encoding="utf-8")
    write_pack(folder, types_car=GARAGE["types/car.yaml"].replace("fields:\n", FIELDS, 1))
    lay(lambda: apply(plan(Path(folder)), actor_id=None))


@pytest.fixture
def garage(_garage: None, db: None) -> None:
    """Types car and client, and no record yet."""
    restart_numbers()


@pytest.fixture
def team(db: None) -> Team:
    """Everybody of the small car business, whose types are others than those of `garage`."""
    make_garage()
    return make_team()


@pytest.fixture
def head(team: Team) -> ApiClient:
    """The head of sales, through the API."""
    return client_of(team, "head")
