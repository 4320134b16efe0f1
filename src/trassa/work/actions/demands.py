"""What a form or an upload asks of the fields of its record, and how completing writes it there.

The write is the person's own, by the one write path and in the transaction of the completion: what their role
may not change, or the record does not take, keeps the task open.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.records.actions.write import write_records
from trassa.records.queries import get_record
from trassa.records.types import Attached, Change, FileChange, Write
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.work.actions.drafts import Faults
from trassa.work.models import Task
from trassa.work.types import Cause, TaskDraft

FORM, UPLOAD = "form", "upload"


def check_demands(draft: TaskDraft, spec: TypeSpec | None, faults: Faults) -> None:
    """A form names fields of its record, of this type, that can be filled in, an upload one of files."""
    if not draft.fields:
        if draft.file_kind:
            faults.add("file_kind", "unfit", _("Say which field takes the file."))
        return
    if draft.kind not in (FORM, UPLOAD):
        faults.add("fields", "unfit", _("Only forms and documents ask for fields."))
        return
    if spec is None:
        faults.add("fields", "no_record", _("Say which record it is about: the fields are its fields."))
        return
    found = [spec.by_code.get(code) for code in draft.fields]
    fields = [field for field in found if field is not None]
    if len(fields) < len(found) or not all(map(can_ask_for, fields)):
        faults.add("fields", "unknown", _("There is no such field to fill in."))
    elif draft.kind == UPLOAD and (len(fields) > 1 or fields[0].kind != "files"):
        faults.add("fields", "unfit", _("Name one field of files."))
    elif draft.kind == FORM and any(field.kind == "files" for field in fields):
        faults.add("fields", "unfit", _("A file is asked for by a task of the kind “Document”."))
    elif draft.file_kind and draft.file_kind not in {option.code for option in fields[0].options}:
        faults.add("file_kind", "unknown", _("The field knows no such kind of document."))


def can_ask_for(field: FieldSpec) -> bool:
    """Whether people fill in a field themselves."""
    return not field.read_only and not field_kinds.get(field.kind).automatic


def demands_of(draft: TaskDraft, spec: TypeSpec | None) -> tuple[list[int], int | None]:
    """A checked draft's fields and kind of document, by ids."""
    if not draft.fields or spec is None:
        return [], None
    fields = [spec.by_code[code] for code in dict.fromkeys(draft.fields)]
    kinds = {option.code: option.id for option in fields[0].options}
    return [field.id for field in fields], kinds.get(draft.file_kind)


def fields_asked(spec: TypeSpec | None, field_ids: tuple[int, ...] | list[int]) -> list[FieldSpec]:
    """The fields that a task asks for, those that are still there."""
    return [spec.by_id[id] for id in field_ids if id in spec.by_id] if spec else []


def codes_asked(row: Task) -> list[str]:
    """The fields that a task asks for, by their codes."""
    spec = current_generation().types_by_id.get(row.type_id or 0)
    return [field.code for field in fields_asked(spec, row.field_ids)]


def fulfil(row: Task, given: Mapping[str, Any], file: int | None, actor: Actor, cause: Cause) -> None:
    """Write what a form or an upload asked for into the record; raises Invalid with the fields at fault."""
    spec = current_generation().types_by_id.get(row.type_id or 0)
    fields = fields_asked(spec, row.field_ids)
    faults = Faults()
    if set(given) - {field.code for field in fields if row.kind == FORM}:
        faults.add("fields", "unknown", _("This task does not ask for these fields."))
    if file is not None and (row.kind != UPLOAD or not fields):
        faults.add("file", "unfit", _("This task does not ask for a file."))
    if not fields or spec is None or row.record_id is None:
        return faults.refuse()
    if row.kind == UPLOAD:
        if file is None:
            faults.add("file", "required", _("Choose the file: %s.") % fields[0].label)
        faults.refuse()
        change = FileChange([Attached(file or 0, kind=row.file_kind_id)])
        write = Write(Change.EDIT, spec.code, id=row.record_id, files={fields[0].code: change})
    else:
        present = get_record(actor, spec, row.record_id).values
        for field in fields:
            value = given[field.code] if field.code in given else present.get(field.code)
            if value in (None, "", [], ()):
                faults.add(field.code, "required", _("%s: fill it in.") % field.label)
        faults.refuse()
        if not given:
            return None
        write = Write(Change.EDIT, spec.code, id=row.record_id, fields=given)
    write_records([write], actor=actor, cause=dict(cause) | {"task": row.id})
    return None
