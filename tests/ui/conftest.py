"""A person without a database, and pages answered as the site would answer them."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.utils import translation
from tests.ui.site import SETTINGS, Somebody, registered


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


@pytest.fixture(autouse=True)
def _nobody_else_in_the_shell() -> Iterator[None]:
    with override_settings(**SETTINGS), registered():
        yield


@pytest.fixture
def page() -> HttpRequest:
    """A full-page request of a signed-in person."""
    request = RequestFactory().get("/style")
    request.user = Somebody()
    return request


@pytest.fixture
def part() -> HttpRequest:
    """The same person's request by htmx for a part of the page."""
    request = RequestFactory().get("/style", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    request.user = Somebody()
    return request
