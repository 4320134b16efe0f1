"""Rewrites values before their field changes its kind, through the write path: history tells of it."""

from collections.abc import Iterable, Iterator, Mapping

from trassa.access.queries import system_actor
from trassa.people.types import Cause
from trassa.records.actions.write import MAX_BATCH, write_records
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation, read_conversion
from trassa.solutions.errors import PackConflict
from trassa.solutions.format import FieldEntry, TypeEntry


def rewrite_values(entries: Iterable[TypeEntry], here: Mapping[str, TypeEntry], *, cause: Cause) -> None:
    """Write values of fields that change their kind as the new kind keeps them.

    Raises PackConflict when a record refuses. What does not fit at all is an obstacle of the plan.
    """
    for type_code, field in _converted(entries, here):
        conversion = read_conversion(type_code, field.code, field.kind, field.settings)
        writes = [
            Write(Change.EDIT, type_code, id, fields={field.code: text})
            for id, text in conversion.rewritten.items()
        ]
        for start in range(0, len(writes), MAX_BATCH):
            _write(type_code, writes[start : start + MAX_BATCH], cause)


def _converted(
    entries: Iterable[TypeEntry], here: Mapping[str, TypeEntry]
) -> Iterator[tuple[str, FieldEntry]]:
    """Fields whose kind differs from what is installed."""
    for entry in entries:
        if entry.code in here:
            kinds = {field.code: field.kind for field in here[entry.code].fields}
            for field in entry.fields:
                if kinds.get(field.code, field.kind) != field.kind:
                    yield entry.code, field


def _write(type_code: str, writes: list[Write], cause: Cause) -> None:
    outcomes = write_records(writes, actor=system_actor(), cause=cause, atomic=False, hooks="none")
    spec = current_generation().types[type_code]
    for write, outcome in zip(writes, outcomes, strict=True):
        if outcome.error is not None:
            raise PackConflict(f"{spec.label} {write.id}: {outcome.error}", code="pack_obstacles")
