"""What tests of the schema stand on."""

from collections.abc import Iterator

import pytest
from tests.factories.committed import drop_type_tables


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A test that commits, for what cannot happen inside a transaction; its tables are dropped again."""
    yield
    drop_type_tables()
