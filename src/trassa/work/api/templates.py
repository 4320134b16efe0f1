"""Templates of tasks, to begin a task with."""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import ConfigDict, Field

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, json_response
from trassa.kernel import NotFound
from trassa.records.queries.known import named_type
from trassa.schema.queries import current_generation
from trassa.work.api.answers import RepeatOut, WorkAnswer, repeat_json
from trassa.work.models import TaskTemplate
from trassa.work.queries.templates import list_known_templates, settings_of
from trassa.work.types import KindName, PriorityName, Who

router = Router()
_EXAMPLE: dict[str, Any] = {
    "code": "document_check",
    "label": {"ru": "Проверка документов", "en": "Document check"},
    "type": "deal",
    "active": True,
    "kind": "todo",
    "title": "Проверить документы перед договором",
    "text": "",
    "who": "one_of_role",
    "person": None,
    "person_field": None,
    "role": "lawyer",
    "department": None,
    "due": "1 working day",
    "due_field": None,
    "due_offset": None,
    "repeat": None,
    "escalation": "1 working day",
    "priority": "normal",
    "estimate_minutes": 30,
    "checklist": ["Паспорт и ПТС сверены", "Залоги и запреты проверены"],
    "whole_checklist": True,
    "fields": [],
    "file_kind": None,
}


class TaskTemplateOut(WorkAnswer):
    """What tasks of a template are like. `who` is whom they are for: `owner` and `head` of the record,
    whoever `person_field` names, `actor` (whoever gives them), a `person` by login, or whoever of a `role` or
    a `department` takes them. Durations count from when a task is given, by the calendar of whoever does it.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    code: str
    label: dict[str, str]
    type: Annotated[str | None, Field(description="Of which records; null: about anything, or nothing.")]
    active: Annotated[bool, Field(description="Offered to whoever gives a task.")]
    kind: KindName
    title: str
    text: str
    who: Who
    person: str | None
    person_field: str | None
    role: str | None
    department: str | None
    due: Annotated[str | None, Field(description="A duration: `2 working days`.")]
    due_field: Annotated[
        str | None, Field(description="Instead of `due`: a date of the record that the due moment follows.")
    ]
    due_offset: Annotated[str | None, Field(description="How far behind that date: `-1 working day`.")]
    repeat: RepeatOut | None
    escalation: Annotated[str | None, Field(description="So long after that the owner's head is called in.")]
    priority: PriorityName
    estimate_minutes: int | None
    checklist: list[str]
    whole_checklist: bool
    fields: list[str]
    file_kind: str | None


class TaskTemplatesOut(WorkAnswer):
    items: list[TaskTemplateOut]


@router.get("/task-templates", response=TaskTemplatesOut)
def get_task_templates(
    request: ApiRequest,
    type: Annotated[
        str | None, Query(min_length=1, description="Only those that fit records of this type.")
    ] = None,
) -> HttpResponse:
    """The templates of tasks about records of types that you know of, and about anything; in their order."""
    actor = actor_of_call(request)
    spec = named_type(actor, type) if type is not None else None
    found = [row for row in list_known_templates(actor) if spec is None or row.type_id in (None, spec.id)]
    return json_response({"items": [template_json(actor, row) for row in found]})


@router.get("/task-templates/{code}", response=TaskTemplateOut)
def get_task_template(request: ApiRequest, code: str) -> HttpResponse:
    """One template of tasks."""
    actor = actor_of_call(request)
    for row in list_known_templates(actor):
        if row.code == code:
            return json_response(template_json(actor, row))
    raise NotFound(_("There is no such template."))


def template_json(actor: Actor, row: TaskTemplate) -> dict[str, Any]:
    """A template as `TaskTemplateOut`; fields that somebody does not see are left out."""
    task = settings_of(row)
    spec = current_generation().types_by_id.get(row.type_id or 0)
    seen = {field.code for field in actor.visible_fields(spec)} if spec else set()
    fields = {name: getattr(task, name) for name in ("person_field", "due_field")}
    maybe = (
        "person",
        "role",
        "department",
        "due",
        "due_offset",
        "escalation",
        "estimate_minutes",
        "file_kind",
    )
    return {
        "code": row.code,
        "label": row.label,
        "type": spec.code if spec else None,
        "active": row.is_active,
        **{name: getattr(task, name) for name in ("kind", "title", "text", "who", "priority")},
        **{name: getattr(task, name) or None for name in maybe},
        **{name: code if code in seen else None for name, code in fields.items()},
        "repeat": repeat_json(task.repetition),
        "checklist": task.checklist,
        "whole_checklist": task.whole_checklist,
        "fields": [code for code in task.fields if code in seen],
    }
