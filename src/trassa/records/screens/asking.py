"""Controls for exactly what a refused write still needs: a move to a stage, a change that demands more."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid
from trassa.records.queries.forms import texts_of
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.controls import Control, ControlMaker, editable_fields, ids_typed
from trassa.records.types import Record
from trassa.schema.types import TypeSpec

#: Faults whose words say more than that a field is empty.
_TELLING = {"stage_condition", "locked"}


def ask_for(
    actor: Actor,
    spec: TypeSpec,
    record: Record,
    asked: QueryDict,
    error: Invalid,
    *,
    elsewhere: Sequence[str] = (),
) -> list[Control]:
    """Controls for what is missing; none when the write is refused for another reason.

    `elsewhere` are codes that the caller asks for itself.
    """
    editable = {field.code for field in editable_fields(actor, spec)} - {*elsewhere}
    faults = {each.field: each for each in error.errors}
    if not faults or not set(faults) <= editable | {*elsewhere}:
        return []
    return make_controls(actor, spec, record, asked, faults=faults, elsewhere=elsewhere)


def make_controls(
    actor: Actor,
    spec: TypeSpec,
    record: Record,
    asked: QueryDict,
    *,
    faults: Mapping[str, FieldError] = MappingProxyType({}),
    elsewhere: Sequence[str] = (),
) -> list[Control]:
    """Controls of the fields at fault and of those that were shown before, with what was typed."""
    codes = {*faults, *asked.getlist("shown")} - {*elsewhere}
    fields = [field for field in editable_fields(actor, spec) if field.code in codes]
    wanted = NamesWanted()
    for field in fields:
        wanted.add_value(field, record.values.get(field.code))
        wanted.add_value(field, ids_typed(field, asked.getlist(field.code)))
    make = ControlMaker(wanted.read(actor))
    controls = []
    for field in fields:
        said = message_of(faults.get(field.code), asked)
        if field.code in asked:
            controls.append(make.of_text(field, texts_of(field, asked), error=said, required=True))
        else:
            value = record.values.get(field.code)
            controls.append(make.of_field(field, value, error=said, required=True))
    return controls


def message_of(fault: FieldError | None, asked: QueryDict) -> str:
    """What to say at a control: nothing the first time, when it is only asked for."""
    if fault is None:
        return ""
    first_time = fault.field not in asked and fault.field not in asked.getlist("shown")
    return "" if first_time and fault.code not in _TELLING else str(fault.message)
