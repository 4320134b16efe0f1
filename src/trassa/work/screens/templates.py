"""Templates of tasks: the administrator's list and form, and how one fills in the form of a new task.

Only what nobody has touched is filled in: what stands as the form began, or as the last template left it. The
form carries along what that was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from trassa.access.queries import Actor
from trassa.kernel import NotFound, now
from trassa.people.queries import find_department, find_person_by_login, find_role, head_of, open_calendars
from trassa.people.types import Duration, NoWorkingTime, add_duration
from trassa.records.queries import get_record
from trassa.records.queries.known import is_known
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.work.models import TaskTemplate
from trassa.work.queries.reminders import type_of_record
from trassa.work.queries.templates import (
    find_template,
    label_of,
    list_offered_templates,
    list_templates,
    settings_of,
    users_of_templates,
)
from trassa.work.screens.forms import FILLED, TaskForm, parts_of_offset, plain, read_who, write_due
from trassa.work.screens.repetition import kept_form
from trassa.work.screens.tasks import kind_label
from trassa.work.types import TaskDraft, TemplateSettings


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A line of the administrator's list."""

    code: str
    label: str
    title: str
    kind: str
    type: str
    is_active: bool
    #: The rules that use it.
    rules: Sequence[str]


def template_rows() -> list[TemplateRow]:
    """The templates in use, with the rules that use them."""
    types, users = current_generation().types_by_id, users_of_templates()
    return [
        TemplateRow(
            code=row.code,
            label=label_of(row),
            title=row.definition.get("title", ""),
            kind=kind_label(row.definition.get("kind", "todo")),
            type=str(types[row.type_id].plural) if row.type_id is not None and row.type_id in types else "",
            is_active=row.is_active,
            rules=users.get(row.code, ()),
        )
        for row in list_templates()
    ]


# The form of a new task


def type_about(actor: Actor, record_id: int | None) -> TypeSpec | None:
    """The type of a record, if it is one that this person knows of; None without one."""
    spec = type_of_record(record_id) if record_id is not None else None
    return spec if spec is not None and is_known(actor, spec) else None


def template_choices(actor: Actor, record_id: int | None) -> list[tuple[str, str]]:
    """The templates that fit a task about a record, or about nothing."""
    return [(row.code, label_of(row)) for row in list_offered_templates(type_about(actor, record_id))]


def find_fitting(code: str, record_id: int | None, actor: Actor) -> TaskTemplate | None:
    """The template that somebody chose, if it fits."""
    row = find_template(code) if code else None
    if row is None or row.type_id is None:
        return row
    spec = type_about(actor, record_id)
    return row if spec is not None and spec.id == row.type_id else None


def filled_in(form: TaskForm, actor: Actor) -> TaskForm:
    """The form with what its template says wherever nobody has touched it."""
    row = find_fitting(form.template, form.record_id, actor)
    values = values_of(settings_of(row), form.record_id, actor) if row else {}
    blank = TaskForm()
    changes = {
        name: values.get(name, getattr(blank, name)) for name in FILLED if is_untouched(form, name, blank)
    }
    filled = {name: plain(value) for name, value in changes.items() if value != getattr(blank, name)}
    return replace(form, template=row.code if row else "", filled=filled, **changes)


def is_untouched(form: TaskForm, name: str, blank: TaskForm) -> bool:
    """Whether an input stands as the form began, or as the last template left it."""
    before = form.filled.get(name, plain(getattr(blank, name)))
    return bool(plain(getattr(form, name)) == before)


def values_of(task: TemplateSettings, record_id: int | None, actor: Actor) -> dict[str, Any]:
    """What a template puts into the form of a task about a record."""
    who = who_is_meant(task, record_id, actor)
    owner, _candidates = read_who(who)
    spec = type_about(actor, record_id)
    seen = {field.code for field in actor.visible_fields(spec)} if spec else set()
    return {
        "title": task.title,
        "kind": task.kind,
        "text": task.text,
        "due": due_from_now(task.due, owner or (None if who else actor.id)),
        "who": who,
        "priority": task.priority,
        "estimate": str(task.estimate_minutes or ""),
        "checklist": "\n".join(task.checklist),
        "whole_checklist": task.whole_checklist,
        "fields": [code for code in task.fields if code in seen],
        "repeat": kept_form(task.repetition),
        **(
            {"due_field": task.due_field, **parts_of_offset(task.due_offset)}
            if task.due_field in seen
            else {}
        ),
    }


def due_from_now(span: str, person_id: int | None) -> str:
    """A duration from now on, by somebody's calendar, as the form has it."""
    if not span:
        return ""
    calendars = open_calendars()
    calendar = calendars.of(person_id) if person_id is not None else calendars.company
    try:
        return write_due(add_duration(calendar, now(), Duration.parse(span)))
    except NoWorkingTime:
        return ""


def who_is_meant(task: TemplateSettings, record_id: int | None, actor: Actor) -> list[str]:
    """Whom a template means, as the form has them; nobody is whoever gives the task."""
    match task.who:
        case "one_of_role":
            role = find_role(task.role)
            return [f"r{role.pk}"] if role else []
        case "one_of_department":
            department = find_department(task.department)
            return [f"d{department.pk}"] if department else []
        case "actor":
            return []
    person_id = person_meant(task, record_id, actor)
    return [f"p{person_id}"] if person_id is not None else []


def person_meant(task: TemplateSettings, record_id: int | None, actor: Actor) -> int | None:
    """The one person whom a template means."""
    if task.who == "person":
        person = find_person_by_login(task.person)
        return person.id if person and person.is_active else None
    spec = type_about(actor, record_id)
    record = read_record(actor, spec, record_id)
    if record is None or spec is None:
        return None
    named = record.owner_id
    if task.person_field:
        value = record.values.get(task.person_field)
        named = value if isinstance(value, int) else None
    return head_of(named) or named if task.who == "head" else named


def read_record(actor: Actor, spec: TypeSpec | None, record_id: int | None) -> Record | None:
    """A record that this person sees."""
    if spec is None or record_id is None:
        return None
    try:
        return get_record(actor, spec, record_id)
    except NotFound:
        return None


def with_template(draft: TaskDraft, code: str, actor: Actor) -> TaskDraft:
    """The task of a form with what its template says beside what stands in the form."""
    row = find_fitting(code, draft.record_id, actor)
    if row is None:
        return draft
    task = settings_of(row)
    is_same_document = draft.kind == task.kind and list(draft.fields) == list(task.fields)
    return replace(
        draft,
        code=task.code,
        escalation=task.escalation if draft.due_at is not None or draft.due_field else "",
        file_kind=task.file_kind if is_same_document else "",
    )
