"""Pages of `people` alone, and no attempts remembered from another test."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings
from tests.factories.people import PASSWORD, make_person

from trassa.people.actions.sessions import attempts_by_address, attempts_by_login
from trassa.people.models import Person


@pytest.fixture(autouse=True)
def _pages(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.people.pages"
    attempts_by_address.forget()
    attempts_by_login.forget()
    yield
    attempts_by_address.forget()
    attempts_by_login.forget()


@pytest.fixture
def anna(db: None) -> Person:
    """Anna can sign in with PASSWORD."""
    return make_person("anna", name="Белова Анна", password=PASSWORD)


@pytest.fixture
def signed_in(client: Client, anna: Person) -> Client:
    """A browser in which Anna is signed in."""
    assert client.post("/sign-in", {"login": "anna", "password": PASSWORD}).status_code == 302
    return client
