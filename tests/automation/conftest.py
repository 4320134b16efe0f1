"""Timers of tests end with what `served` remembers."""

from collections.abc import Iterator, Sequence

import pytest
from tests.factories.records import make_garage

from trassa.automation.registries import timer_handlers
from trassa.automation.types import DueTimer


class Served(list[DueTimer]):
    """What was served, in order; subjects in `refused` fail."""

    refused: set[str]

    def take(self, timers: Sequence[DueTimer]) -> None:
        if {timer.subject for timer in timers} & self.refused:
            raise RuntimeError("not today")
        self.extend(timers)

    @property
    def subjects(self) -> list[str]:
        return [timer.subject for timer in self]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The handler of the purpose `test`."""
    found = Served()
    found.refused = set()
    monkeypatch.setattr(timer_handlers, "_entries", dict(timer_handlers.items()))
    timer_handlers.register("test", found.take)
    return found


@pytest.fixture
def garage(db: None) -> None:
    make_garage()
