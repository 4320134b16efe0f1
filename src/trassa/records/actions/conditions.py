"""Third phase: what the conditions of type and stage say about each record.

Everything is asked once for the whole batch. Conditions see full values, whoever writes; what is said about
them tells nothing of fields that the writer does not see. See docs/decisions/0023-conditions.md.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trassa.expressions import ErrorValue, Value
from trassa.records.actions.batch import Batch, Item, by_type
from trassa.records.queries.values import State
from trassa.records.queries.verdicts import obstacle_of, why_locked
from trassa.records.rules import has_rules, judge, unmet
from trassa.records.types import COMING, GOING
from trassa.schema.queries import mentions_of
from trassa.schema.registries import field_kinds
from trassa.schema.types import EntryCondition, FieldSpec, Generation, TypeSpec

#: Moments that a new record without a pipeline has not.
_OF_STAGES = ("stage_entered_at", "stage_due_at", "stage_warn_at")


def changing(batch: Batch) -> list[Item]:
    """Live items whose values matter: not those on their way into the bin or out of it."""
    return [item for item in batch.live if item.write.change not in GOING | COMING]


def state_of(batch: Batch, item: Item) -> State:
    """The record as it is to be."""
    moments = {"created_at": batch.moment, **dict.fromkeys(_OF_STAGES)} if item.is_new else {}
    return State(item.after.get("id"), {**moments, **item.after}, item.links_before | item.links)


def state_before(item: Item) -> State | None:
    """The record as it is stored."""
    return None if item.before is None else State(item.before["id"], item.before, item.links_before)


# Defaults


def formulas_in_order(generation: Generation, spec: TypeSpec) -> list[FieldSpec]:
    """Fields with a formula for their default, each behind those that its formula mentions."""
    left = {field.column: field for field in spec.fields if field.default_formula is not None}
    ordered: list[FieldSpec] = []
    while left:
        ready = [
            field
            for field in left.values()
            if not mentions_of(field.default_formula, generation, spec.id).keys & left.keys()  # type: ignore[arg-type]
        ]
        # Circles are refused when they are saved; should there be one, its fields come in their own order.
        for field in ready or list(left.values()):
            ordered.append(field)
            del left[field.column]
    return ordered


def raw_value(value: Value, field: FieldSpec) -> Any:
    """A computed value as JSON has it, for the field's kind to parse."""
    if value is None or isinstance(value, ErrorValue):
        return None
    kind = field_kinds.get(field.kind)
    if isinstance(value, Decimal):
        return kind.to_json(value * 100 if field.kind == "percent" else value, field)
    if kind.with_options and isinstance(value, int):
        option = field.find_option(value)
        return option.code if option else None
    return kind.to_json(value, field) if isinstance(value, date | datetime) else value


# Conditions of fields


def judge_items(batch: Batch) -> None:
    """Find out what is hidden, required and locked for every record to be."""
    for spec, items in by_type(changing(batch)):
        if not has_rules(spec):
            continue
        verdicts = judge(
            batch.generation,
            spec,
            [state_of(batch, item) for item in items],
            reader_id=batch.actor.id,
            before=[state_before(item) for item in items],
        )
        for item, verdict in zip(items, verdicts, strict=True):
            item.verdict = verdict


def judge_before(batch: Batch, items: Sequence[Item]) -> None:
    """Find out what was hidden and required of stored records, where that has to be known."""
    for spec, group in by_type(item for item in items if item.verdict_before is None):
        states = [state for item in group if (state := state_before(item)) is not None]
        verdicts = judge(batch.generation, spec, states, reader_id=batch.actor.id)
        for item, verdict in zip(group, verdicts, strict=True):
            item.verdict_before = verdict


def check_locked(batch: Batch) -> None:
    """Refuse changes of fields whose condition for changing is not met; the system itself is not bound."""
    if batch.actor.id is None:
        return
    for item in changing(batch):
        for field in item.spec.fields:
            if field.id not in item.verdict.locked or field.code not in named_fields(item):
                continue
            if item.value(field) != item.value_before(field):
                why = why_locked(batch.actor, batch.generation, item.spec, field)
                item.refuse(field.code, "locked", why)


def named_fields(item: Item) -> set[str]:
    """Codes of the fields that the write gives values to."""
    return {*item.write.fields, *item.write.files}


# Conditions of stages


def check_entering(batch: Batch) -> None:
    """Refuse stages whose conditions are not met by the records that want to enter."""
    for spec, items in by_type(item for item in changing(batch) if enters(item)):
        stages = batch.generation.stages_by_id
        entering = [(state_of(batch, item), stages[item.after["stage_id"]]) for item in items]
        failed = unmet(batch.generation, spec, entering, reader_id=batch.actor.id)
        for item, conditions in zip(items, failed, strict=True):
            for condition in conditions:
                refuse_entry(batch, item, condition)


def enters(item: Item) -> bool:
    """Whether the record comes into a stage that it was not in."""
    stage_id = item.after.get("stage_id")
    return stage_id is not None and (item.before or {}).get("stage_id") != stage_id


def refuse_entry(batch: Batch, item: Item, condition: EntryCondition) -> None:
    """Say what a condition asks for, at the first field that it looks at."""
    obstacle = obstacle_of(batch.actor, batch.generation, item.spec, condition)
    taken = {error.field for error in item.errors}
    named = next((field.code for field in obstacle.fields if field.code not in taken), "stage")
    code = "waits_for_others" if obstacle.hidden else "stage_condition"
    item.refuse(named, code, obstacle.message)
