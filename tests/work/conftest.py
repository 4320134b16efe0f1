"""Tests of work have the small garage with its team, made once a module."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.databases import Lay
from tests.factories.records import make_garage
from tests.factories.team import Team, make_team
from tests.work.clock import AFTERNOON, NOON
from tests.work.mail_server import MailBox, running_mail_server

from trassa.kernel import frozen


def make_company() -> Team:
    make_garage()
    return make_team()


@pytest.fixture(scope="module")
def _company(lay: Lay) -> Team:
    return lay(make_company)


@pytest.fixture
def team(_company: Team, db: None) -> Team:
    """Two sellers, their head, an administrator and a newcomer; no record and no task yet."""
    return _company


@pytest.fixture(scope="module")
def mail() -> Iterator[tuple[MailBox, int]]:
    with running_mail_server() as found:
        yield found


@pytest.fixture
def box(mail: tuple[MailBox, int], settings: Any) -> MailBox:
    """What arrives at the mail server that the settings name."""
    found, port = mail
    found.letters.clear()
    found.answers.clear()
    found.tried = 0
    settings.TRASSA_MAIL_SERVER = f"smtp+plain://127.0.0.1:{port}"
    settings.TRASSA_MAIL_FROM = "Трасса <crm@dealer.example>"
    settings.TRASSA_SITE = "https://crm.dealer.example"
    return found


@pytest.fixture
def noon() -> Iterator[None]:
    """The clock stands at noon of a Friday."""
    with frozen(NOON):
        yield


@pytest.fixture
def afternoon() -> Iterator[None]:
    """The clock stands at three in the afternoon of that Friday."""
    with frozen(AFTERNOON):
        yield
