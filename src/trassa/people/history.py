"""How this room writes its history."""

from collections.abc import Mapping

from trassa.journal import Changes, Json, NewEntry, Stream, append
from trassa.people.types import Cause


def differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> Changes:
    """What differs between two states with the same keys."""
    return {key: (before[key], after[key]) for key in after if before[key] != after[key]}


def additions(values: Mapping[str, Json]) -> Changes:
    """The changes of something that did not exist before; empty values are left out."""
    return {key: (None, value) for key, value in values.items() if value not in (None, "", [], False)}


def write_entry(
    kind: str, stream: tuple[str, int], changes: Changes, *, actor_id: int | None, cause: Cause
) -> None:
    """Append one entry to the history of a person, department, role or token."""
    append([NewEntry(Stream(*stream), kind, changes)], actor_id=actor_id, cause=cause)
