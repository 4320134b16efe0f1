"""Rewrites values before their field changes its kind, through the write path: history tells of it."""

from collections.abc import Iterable

from trassa.access.queries import system_actor
from trassa.people.types import Cause
from trassa.records.actions.write import MAX_BATCH, write_records
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation
from trassa.solutions.errors import PackConflict
from trassa.solutions.plans import PlannedConversion


def rewrite_values(conversions: Iterable[PlannedConversion], *, cause: Cause) -> None:
    """Write values of fields that change their kind as the new kind keeps them.

    What does not fit is left empty where the plan says so; anything else is an obstacle of the plan. Raises
    PackConflict when a record refuses.
    """
    for each in conversions:
        values = list(new_values(each).items())
        writes = [Write(Change.EDIT, each.type, id, fields={each.field: text}) for id, text in values]
        for start in range(0, len(writes), MAX_BATCH):
            _write(each.type, writes[start : start + MAX_BATCH], cause)


def new_values(planned: PlannedConversion) -> dict[int, str | None]:
    """Values that change, by the id of their record; None where one is left empty."""
    emptied = {each.id: None for each in planned.conversion.unfit} if planned.emptying else {}
    return {**planned.conversion.rewritten, **emptied}


def _write(type_code: str, writes: list[Write], cause: Cause) -> None:
    outcomes = write_records(writes, actor=system_actor(), cause=cause, atomic=False, hooks="none")
    spec = current_generation().types[type_code]
    for write, outcome in zip(writes, outcomes, strict=True):
        if outcome.error is not None:
            raise PackConflict(f"{spec.label} {write.id}: {outcome.error}", code="pack_obstacles")
