"""Tests of records have the small garage of `tests.factories.records`, made once a module."""

import pytest
from tests.databases import Lay
from tests.factories.records import make_garage, restart_numbers


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    lay(make_garage)


@pytest.fixture
def garage(_garage: None, db: None) -> None:
    """Types contact, car and deal with their pipelines, and no record yet."""
    restart_numbers()
