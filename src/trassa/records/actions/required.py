"""What must be filled in: fields that are required always, under a condition, or by the record's stage.

A stored record may lack what was not asked for when it was stored; only a write that empties a field, or from
which on it is asked for, has to fill it. What is hidden need not be filled.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.conditions import changing, enters, judge_before
from trassa.records.actions.preparing import is_empty
from trassa.records.rules import Verdict
from trassa.schema.types import FieldSpec


def check_required(batch: Batch) -> None:
    """Refuse records to be that lack what they need."""
    lacking = [(item, [*lacked_fields(item)]) for item in changing(batch)]
    judge_before(batch, [item for item, fields in lacking if fields and not item.is_new])
    for item, fields in lacking:
        for field in fields:
            if is_new_demand(item, field):
                refuse(batch.actor, item, field)


def lacked_fields(item: Item) -> Iterator[FieldSpec]:
    """Empty fields that the record to be needs."""
    of_stage = staged(item, item.after.get("stage_id"))
    for field in item.spec.fields:
        if needs(item.verdict, field, of_stage) and is_empty(item.value(field)):
            yield field


def needs(verdict: Verdict, field: FieldSpec, of_stage: tuple[int, ...]) -> bool:
    """Whether one state of a record needs a field; `of_stage` are those that its stage requires."""
    return verdict.requires(field) or (field.id in of_stage and verdict.shows(field))


def staged(item: Item, stage_id: int | None) -> tuple[int, ...]:
    """Ids of the fields that a stage of the record's type requires."""
    stages = (stage for pipeline in item.spec.pipelines for stage in pipeline.stages)
    return next((stage.required_field_ids for stage in stages if stage.id == stage_id), ())


def is_new_demand(item: Item, field: FieldSpec) -> bool:
    """Whether this write is the one that has to fill the field."""
    if item.verdict_before is None or item.before is None or not is_empty(item.value_before(field)):
        return True
    if enters(item) and field.id in staged(item, item.after.get("stage_id")):
        return True
    return not needs(item.verdict_before, field, staged(item, item.before.get("stage_id")))


def refuse(actor: Actor, item: Item, field: FieldSpec) -> None:
    """Say that a field is missing, at the field itself where the writer sees it."""
    of_stage = field.id in staged(item, item.after.get("stage_id"))
    if not actor.sees_field(field):
        message = _("A colleague has to fill in a field first.")
        item.refuse("stage" if of_stage else "", "waits_for_others", message)
    elif of_stage:
        message = _("Fill in “%(field)s” for this stage.") % {"field": field.label}
        item.refuse(field.code, "required_on_stage", message)
    else:
        item.refuse(field.code, "required", _("Fill in this field."))
