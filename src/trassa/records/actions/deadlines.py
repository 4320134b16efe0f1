"""Keeps the moments at which stages are due: with every write, and anew when calendars or stages change.

They are columns of the type's table, so lists, boards and expressions treat them as any other. They follow
from the rest of the row, so they neither raise the version nor stand in history.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from trassa.people.queries import open_calendars
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.conditions import changing
from trassa.records.actions.followers import add_following
from trassa.records.actions.preparing import lock_rows
from trassa.records.actions.statements import Statements
from trassa.records.actions.touching import touch_records
from trassa.records.deadlines import WATCHED, Due, due_of
from trassa.records.models import DeadlineState
from trassa.records.registries import Rows, WrittenRecord
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import Generation, StageDeadline, TypeSpec

_CHUNK = 500
_BETWEEN = "; "
_COLUMNS = ("stage_due_at", "stage_warn_at")


def set_deadlines(batch: Batch) -> None:
    """Give the rows to be the deadline of their stage; no query, for a system actor one."""
    counted: list[tuple[Item, StageDeadline]] = []
    for item in changing(batch):
        deadline = deadline_of(batch.generation, item.after.get("stage_id"))
        if deadline is None:
            item.after.update(_cleared(item.after))
        elif _is_new(item, deadline):
            counted.append((item, deadline))
    if counted:
        book = open_calendars(batch.actor.rights_revision)
        for item, deadline in counted:
            item.after |= due_of(deadline, item.after, book).columns


def deadline_of(generation: Generation, stage_id: int | None) -> StageDeadline | None:
    stage = generation.stages_by_id.get(stage_id or 0)
    return stage.deadline if stage else None


def _cleared(row: dict[str, Any]) -> dict[str, None]:
    """What to empty in a row whose stage has no deadline."""
    return {column: None for column in _COLUMNS if row.get(column) is not None}


def _is_new(item: Item, deadline: StageDeadline) -> bool:
    """Whether anything changed that the deadline is made of."""
    if item.before is None:
        return True
    columns = (*WATCHED, f"f_{deadline.field_id}")
    return any(item.before.get(column) != item.after.get(column) for column in columns)


# Anew


def renew_changed_deadlines() -> None:
    """Count anew for the types whose stages have other deadlines than when it was done last."""
    for spec in current_generation():
        if begin(spec):
            while renew_next(spec.id):
                pass


def begin(spec: TypeSpec) -> bool:
    """Note by which deadlines a type has to be counted; gives whether it has to. What was begun goes on."""
    rules = rules_of(spec)
    with transaction.atomic():
        state, _new = DeadlineState.objects.select_for_update().get_or_create(type_id=spec.id)
        if rules == (state.rules if state.pending is None else state.pending):
            return state.pending is not None
        state.pending, state.after_id, state.done = rules, 0, 0
        state.total = concerned(spec).count()
        state.save()
    return True


def renew_next(type_id: int) -> bool:
    """Count the next records of a type by its new deadlines; gives whether any are left.

    The place is kept in the transaction of the chunk: what followed from a record once does not follow again.
    """
    with transaction.atomic():
        generation = pin_for_write()
        spec = generation.types_by_id.get(type_id)
        state = DeadlineState.objects.select_for_update().filter(type_id=type_id).first()
        if spec is None or state is None or state.pending is None:
            return False
        ids = next_ids(spec, None, state.after_id)
        renew_records(generation, spec, ids, changed_stages(state.rules, rules_of(spec)))
        if ids:
            state.after_id, state.done = ids[-1], state.done + len(ids)
        else:
            state.rules, state.pending = state.pending, None
        state.save()
        return bool(ids)


def changed_stages(held: str, wanted: str) -> set[int]:
    """Stages that have other deadlines than records hold."""
    known = {"", *held.split(_BETWEEN)}
    return {int(rule.partition(":")[0]) for rule in wanted.split(_BETWEEN) if rule not in known}


def rules_of(spec: TypeSpec) -> str:
    """The deadlines of a type's stages as text; "" for none."""
    stages = (stage for pipeline in spec.pipelines for stage in pipeline.stages)
    return _BETWEEN.join(f"{stage.id}: {stage.deadline}" for stage in stages if stage.deadline)


def renew_deadlines_of(people: Sequence[int] | None) -> None:
    """Count anew where working time changed: of these owners, or of everybody."""
    for spec in current_generation():
        if rules_of(spec):
            renew_type(spec, people)


def renew_type(spec: TypeSpec, people: Sequence[int] | None) -> None:
    """Count the deadlines of a type anew, a chunk a transaction."""
    after = 0
    while after := renew_chunk(spec.id, people, after):
        pass


def renew_chunk(type_id: int, people: Sequence[int] | None, after: int) -> int:
    """Count the next records behind this id anew; gives the last id, 0 at the end."""
    with transaction.atomic():
        generation = pin_for_write()
        spec = generation.types_by_id.get(type_id)
        ids = next_ids(spec, people, after) if spec else []
        if spec is not None:
            renew_records(generation, spec, ids)
        return ids[-1] if ids else 0


def renew_records(
    generation: Generation, spec: TypeSpec, ids: Sequence[int], changed: Set[int] = frozenset()
) -> None:
    """Count the deadlines of these records anew, inside the caller's transaction.

    What follows records is told of those whose deadline moved, and of all in stages with `changed` rules.
    """
    stored = lock_rows(spec, ids)
    rows, book = list(stored.rows.values()), open_calendars()
    counted = [(row, due_of(deadline_of(generation, row["stage_id"]), row, book)) for row in rows]
    told = [(row, due) for row, due in counted if differs(row, due) or row["stage_id"] in changed]
    store_dues(spec, told, stored.beside)


def concerned(spec: TypeSpec) -> QuerySet[Any]:
    """Records that have a deadline or should have one, those of the bin too."""
    stages = [stage.id for pipeline in spec.pipelines for stage in pipeline.stages if stage.deadline]
    return spec.model._default_manager.filter(Q(stage_id__in=stages) | Q(stage_due_at__isnull=False))


def next_ids(spec: TypeSpec, people: Sequence[int] | None, after: int) -> list[int]:
    found = concerned(spec).filter(pk__gt=after)
    if people is not None:
        found = found.filter(owner_id__in=list(people))
    return list(found.order_by("pk").values_list("pk", flat=True)[:_CHUNK])


def differs(row: dict[str, Any], due: Due) -> bool:
    return any(row[column] != value for column, value in due.columns.items())


def store_dues(
    spec: TypeSpec, told: Iterable[tuple[dict[str, Any], Due]], beside: Mapping[str, Rows]
) -> None:
    """Store deadlines, let what follows records follow, and tell open screens."""
    after = [(row, {**row, **due.columns}) for row, due in told]
    if not after:
        return
    statements = Statements()
    types = ("timestamptz", "timestamptz")
    statements.update(spec.table, _COLUMNS, types, [(new["id"], new) for _row, new in after])
    written = [WrittenRecord(spec, new["id"], "renewed", row, new) for row, new in after]
    add_following(statements, written, beside)
    statements.run()
    touch_records(new["id"] for _row, new in after)
