"""The packs in the box, applied once a test."""

import pytest

from trassa.solutions.actions import apply_with_required


@pytest.fixture
def consignment(db: None) -> None:
    """The packs `auto` and `consignment`, without demo data."""
    apply_with_required("consignment", actor_id=None)
