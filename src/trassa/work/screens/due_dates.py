"""Dates of records that due moments follow, as people choose them and read of them."""

from datetime import datetime

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import Entry
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.ui import date_short
from trassa.work.actions.following import MOVED
from trassa.work.due_dates import can_follow, code_of, follows_in_words
from trassa.work.queries.reminders import type_of_record
from trassa.work.types import TaskLine


def date_choices(actor: Actor, record_id: int | None) -> list[tuple[str, str]]:
    """The dates of a record that its task may follow."""
    spec = type_of_record(record_id) if record_id is not None else None
    fields = actor.visible_fields(spec) if spec else ()
    return [(field.code, str(field.label)) for field in fields if can_follow(field)]


def followed_code(line: TaskLine) -> str:
    """The code of the date that a task follows, "" for none."""
    return code_of(type_of(line), line.due_field_id) if line.due_follows else ""


def followed_in_words(line: TaskLine) -> str:
    """The date that a task follows, "" for none."""
    field = field_of(line)
    return follows_in_words(field, line.due_offset) if field and line.due_follows else ""


def was_followed(line: TaskLine) -> str:
    """What a task followed until somebody gave it another due moment, "" for others."""
    field = field_of(line)
    return follows_in_words(field, line.due_offset) if field and not line.due_follows else ""


def type_of(line: TaskLine) -> TypeSpec | None:
    return current_generation().types_by_id.get(line.type_id or 0)


def field_of(line: TaskLine) -> FieldSpec | None:
    spec = type_of(line)
    return spec.by_id.get(line.due_field_id or 0) if spec else None


def due_happened(entry: Entry, spec: TypeSpec | None) -> list[str]:
    """What a line of history says of when the task is due, and of the date that it follows."""
    after = {key: pair[1] for key, pair in entry.changes.items()}
    code = after.get("due_field")
    field = spec.by_code.get(str(code)) if spec and code else None
    words = [_("“%s”") % field.label] if field else []
    if after.get("due_at"):
        words.append(_("due %(when)s") % {"when": date_short(datetime.fromisoformat(str(after["due_at"])))})
    elif entry.kind == MOVED:
        words.append(_("no deadline: the date is empty"))
    if after.get("due_follows") is False:
        words.append(_("follows no date any more"))
    return words
