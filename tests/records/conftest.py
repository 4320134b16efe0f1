"""Tests of records have the small garage of `tests.factories.records`."""

import pytest
from tests.factories.records import make_garage


@pytest.fixture
def garage(db: None) -> None:
    """Types contact, car and deal with their pipelines."""
    make_garage()
