"""What one schema change has done so far: history entries, touched types, its generation's number."""

from collections.abc import Mapping
from typing import Any

from trassa.journal import Json, NewEntry, Stream


class Ledger:
    """Collects what a change did, so that all of it is published at once at the end."""

    def __init__(self, number: int) -> None:
        #: The number of the generation that this change publishes.
        self.number = number
        self.entries: list[NewEntry] = []
        #: Types whose tables or indexes may have changed.
        self.touched: set[int] = set()

    def note(self, stream: str, id: int, kind: str, changes: Mapping[str, tuple[Json, Json]]) -> None:
        """Add a line of history."""
        self.entries.append(NewEntry(Stream(stream, id), kind, dict(changes)))

    def assign(self, row: Any, values: Mapping[str, Any]) -> dict[str, tuple[Json, Json]]:
        """Set those attributes of a row that differ; gives what changed. Does not save."""
        changed: dict[str, tuple[Json, Json]] = {}
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                setattr(row, name, value)
                changed[name] = (before, value)
        return changed

    @property
    def happened(self) -> bool:
        return bool(self.entries)


def by_code(rows: Any) -> dict[str, Any]:
    return {row.code: row for row in rows}


def creation(values: Mapping[str, Json]) -> dict[str, tuple[Json, Json]]:
    """The changes of something new: nothing before, these values after, empty ones left out."""
    return {key: (None, value) for key, value in values.items() if value not in (None, "", [], {}, False)}
