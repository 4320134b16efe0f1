"""The packs in the box, applied once a module."""

import pytest
from tests.databases import Lay
from tests.factories.records import restart_numbers

from trassa.solutions.actions import apply_with_required


@pytest.fixture(scope="module")
def _consignment(lay: Lay) -> None:
    lay(lambda: apply_with_required("consignment", actor_id=None))


@pytest.fixture
def consignment(_consignment: None, db: None) -> None:
    """The packs `auto` and `consignment`, without demo data."""
    restart_numbers()
