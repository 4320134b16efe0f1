"""The past of a record, read backwards from the present through its history."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.expressions import paths_in
from trassa.journal import Entry, Stream, list_entries
from trassa.kernel import NotFound
from trassa.records.actions.batch import JOURNALLED
from trassa.records.actions.formulas import formula_value, working_of
from trassa.records.actions.titles import fill_template, title_fields
from trassa.records.queries.frozen import kept_key
from trassa.records.queries.names import names_for
from trassa.records.queries.values import State, load_wanted, wanted_by
from trassa.records.types import Change, Record
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

_CHUNK = 200


def entries_back_to(id: int, moment: datetime) -> Iterator[Entry]:
    """Everything that happened to a record after `moment`, newest first."""
    before_seq = None
    while entries := list_entries(Stream("record", id), before_seq=before_seq, limit=_CHUNK):
        for entry in entries:
            if entry.at <= moment or entry.kind == Change.CREATE:
                return
            yield entry
        before_seq = entries[-1].seq


def record_as_of(actor: Actor, spec: TypeSpec, record: Record, moment: datetime) -> Record:
    """The record as it stood at `moment`, as far as this person sees it today.

    Linked records and people are named as they are today. Raises NotFound for a moment before its creation.
    """
    if record.created_at > moment:
        raise NotFound(_("This record was not there yet."))
    fields = {field.column: field for field in actor.visible_fields(spec)}
    values = dict(record.values)
    base: dict[str, Any] = {}
    stayed = {spec.by_code[code].id: values.get(code) for code in record.frozen}
    staying = {kept_key(field): field for field in fields.values()}
    for entry in entries_back_to(record.id, moment):
        for key, (before, _after) in entry.changes.items():
            if key in fields:
                values[fields[key].code] = former(before, fields[key])
            elif key in staying:
                stayed.pop(staying[key].id, None)
                if isinstance(before, Mapping):
                    stayed[staying[key].id] = former(before["value"], staying[key])
            elif key in JOURNALLED:
                base[JOURNALLED[key]] = before
    moved = {name: value for name, value in base.items() if name != "deleted_at"}
    then = replace(record, values=values, deleted_at=None, **moved)
    then = replace(then, values=values | worked_out_then(spec, then, fields, stayed))
    return replace(then, title=title_then(actor, spec, record, then))


def worked_out_then(
    spec: TypeSpec, then: Record, visible: Collection[str], stayed: Mapping[int, Any]
) -> dict[str, Any]:
    """Formulas that history does not tell: those that `stayed` by the id of their field, others counted from
    the other values of that time.

    What cannot be counted from what history tells and this person sees is empty.
    """
    row = {field.column: then.values[field.code] for field in spec.fields if field.column in visible}
    row |= {"pipeline_id": then.pipeline_id, "stage_id": then.stage_id, "owner_id": then.owner_id}
    row |= {"department_id": then.department_id, "created_at": then.created_at}
    found: dict[str, Any] = {
        field.code: None for field in spec.fields if field.is_live and field.column in visible
    }
    for each in (worked for level in working_of(spec).levels for worked in level):
        field = each.field
        if field.formula is None or field.is_journalled or field.column not in visible:
            continue
        value = stayed.get(field.id)
        if field.id not in stayed and all(len(path) == 1 and path[0] in row for path in paths_in(each.node)):
            [values] = load_wanted(current_generation(), spec, wanted_by([each.node]), [State(None, row)])
            value = formula_value(field, values)
        found[field.code] = row[field.column] = value
    return found


def former(value: Any, field: FieldSpec) -> Any:
    """A stored JSON value in Python, retired options too; what the kind does not take is shown as nothing."""
    if value is None:
        return None
    kind = field_kinds.get(field.kind)
    options = tuple(replace(option, retired=False) for option in field.options)
    try:
        return kind.parse(value, replace(field, options=options))
    except ValueRefused:
        return None


def title_then(actor: Actor, spec: TypeSpec, record: Record, then: Record) -> str:
    """The title of the past, composed anew when a field in it has changed."""
    named = title_fields(spec)
    if all(record.values.get(field.code) == then.values.get(field.code) for field in named):
        return record.title
    names = names_for(actor, [then], named)
    with translation.override(settings.LANGUAGE_CODE):
        return fill_template(spec, lambda field: then.values.get(field.code), names) or record.number


def changed_codes(then: Record, now: Record) -> set[str]:
    """Codes of fields whose value is another one today."""
    return {code for code, value in now.values.items() if then.values.get(code) != value}
