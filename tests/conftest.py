"""What every test stands on: a database of its own on a real PostgreSQL, and no generation left over."""

import importlib.util
from collections.abc import Iterator
from importlib import import_module

import pytest


@pytest.fixture(autouse=True)
def _fresh_generations() -> Iterator[None]:
    """Compiled generations must not outlive the test whose tables they describe."""
    yield
    if importlib.util.find_spec("trassa.schema.queries"):
        reset = getattr(import_module("trassa.schema.queries"), "reset_generation_cache", None)
        if reset:
            reset()
