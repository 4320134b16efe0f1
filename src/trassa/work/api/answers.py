"""What operations on tasks answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from trassa.people.queries import list_departments, list_roles
from trassa.records.types import StoredFile
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.work.api.shapes import TASK_EXAMPLE
from trassa.work.due_dates import code_of
from trassa.work.queries.files import RESULT
from trassa.work.repetition import Repetition
from trassa.work.types import KindName, PriorityName, TaskLine


class WorkAnswer(Schema):
    """A shape with nothing beside it."""

    model_config = ConfigDict(extra="forbid")


class HoldersOut(WorkAnswer):
    """People by id, roles and departments by code."""

    people: list[int]
    roles: list[str]
    departments: list[str]


class TaskItemOut(WorkAnswer):
    """A part of a task; ids count within the task."""

    id: int
    text: str
    done: bool
    done_at: datetime | None
    done_by: int | None


class RepeatOut(WorkAnswer):
    """How a task comes again."""

    rule: str
    after_end: bool
    days_off: Literal["keep", "skip", "next"]


class TaskOut(WorkAnswer):
    """A task. Without `owner` it waits for one of its candidates to take it."""

    model_config = ConfigDict(json_schema_extra={"examples": [TASK_EXAMPLE]})

    id: int
    kind: KindName
    title: str
    text: str
    record: int | None
    record_type: str | None
    record_title: str
    owner: int | None
    author: int | None
    candidates: HoldersOut
    co_workers: list[int]
    observers: list[int]
    parent: int | None
    due: datetime | None
    due_field: Annotated[
        str | None,
        Field(
            description="The date of the record that `due` follows, or followed until it was given by hand."
        ),
    ]
    due_offset: Annotated[str | None, Field(description="How far behind that date, before it when negative.")]
    due_follows: bool
    estimate_minutes: int | None
    priority: PriorityName
    state: Literal["open", "done", "cancelled"]
    checklist: list[TaskItemOut]
    whole_checklist: bool
    repeat: RepeatOut | None
    fields: list[str]
    file_kind: str | None
    outcome: str
    result: str
    done_at: datetime | None
    done_by: int | None
    snoozed_until: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class TasksOut(WorkAnswer):
    items: list[TaskOut]
    next: Annotated[str | None, Field(description="Pass it as `cursor` to go on; null on the last page.")]


class TaskFileOut(WorkAnswer):
    """A file of a task; `GET /files/{id}/content` is its content."""

    id: int
    name: str
    size: Annotated[int, Field(description="Bytes.")]
    type: str
    uploaded_at: datetime
    uploaded_by: int | None
    result: Annotated[bool, Field(description="It came of the task.")]


class TaskFilesOut(WorkAnswer):
    items: list[TaskFileOut]


class TaskPartsOut(WorkAnswer):
    items: list[TaskOut]


class TaskCountsOut(WorkAnswer):
    """How much waits: altogether, overdue, due today, by kind; `more` where counting stopped."""

    total: int
    overdue: int
    today: int
    kinds: dict[str, int]
    more: bool


class TaskEntryOut(WorkAnswer):
    """A line of a task's history. `changes` name what was before and what is since."""

    seq: int
    at: datetime
    kind: str
    actor: int | None
    changes: dict[str, list[Any]]


class TaskEntriesOut(WorkAnswer):
    items: list[TaskEntryOut]


def tasks_json(lines: Iterable[TaskLine]) -> list[dict[str, Any]]:
    """Tasks as `TaskOut`."""
    found = list(lines)
    roles, departments = codes_for(found)
    return [as_json(line, roles, departments) for line in found]


def task_json(line: TaskLine) -> dict[str, Any]:
    """A task as `TaskOut`."""
    return tasks_json([line])[0]


def codes_for(lines: Iterable[TaskLine]) -> tuple[dict[int, str], dict[int, str]]:
    """Codes of roles and departments by id, as far as these tasks name any."""
    seats = [seat for line in lines for seat in line.seats]
    roles = {role.pk: role.code for role in list_roles()} if any(seat.role_id for seat in seats) else {}
    departments = (
        {each.pk: each.code for each in list_departments()}
        if any(seat.department_id for seat in seats)
        else {}
    )
    return roles, departments


def as_json(line: TaskLine, roles: Mapping[int, str], departments: Mapping[int, str]) -> dict[str, Any]:
    candidates = line.holders("candidate")
    spec = current_generation().types_by_id.get(line.type_id or 0)
    same = (
        *("id", "kind", "title", "text", "record_title", "estimate_minutes", "priority", "state"),
        *(
            "whole_checklist",
            "outcome",
            "result",
            "done_at",
            "snoozed_until",
            "version",
            "created_at",
            "updated_at",
        ),
    )
    return {
        **{name: getattr(line, name) for name in same},
        "record": line.record_id,
        "record_type": spec.code if spec else None,
        "owner": line.owner_id,
        "author": line.author_id,
        "parent": line.parent_id,
        "due": line.due_at,
        "due_field": code_of(spec, line.due_field_id) or None,
        "due_offset": line.due_offset or None,
        "due_follows": line.due_follows,
        "done_by": line.done_by_id,
        "candidates": {
            "people": list(candidates.people),
            # What was retired since is left out.
            "roles": [roles[id] for id in candidates.roles if id in roles],
            "departments": [departments[id] for id in candidates.departments if id in departments],
        },
        "co_workers": list(line.holders("co_worker").people),
        "observers": list(line.holders("observer").people),
        "repeat": repeat_json(line.repetition),
        **demands_json(line, spec),
        "checklist": [
            {
                "id": item.id,
                "text": item.text,
                "done": item.is_done,
                "done_at": item.done_at,
                "done_by": item.done_by,
            }
            for item in line.checklist
        ],
    }


def repeat_json(repetition: Repetition | None) -> dict[str, Any] | None:
    """A repetition as `RepeatOut`."""
    if repetition is None:
        return None
    return {"rule": repetition.rule, "after_end": repetition.after_end, "days_off": repetition.days_off}


def demands_json(line: TaskLine, spec: TypeSpec | None) -> dict[str, Any]:
    """What a form or an upload asks for, by codes."""
    fields = [spec.by_id[id] for id in line.field_ids if id in spec.by_id] if spec else []
    kinds = {option.id: option.code for field in fields[:1] for option in field.options}
    return {"fields": [field.code for field in fields], "file_kind": kinds.get(line.file_kind_id or 0)}


def files_json(files: Iterable[StoredFile]) -> dict[str, Any]:
    """Files of a task as `TaskFilesOut`."""
    same = ("id", "name", "size", "type", "uploaded_at")
    items = [
        {
            **{name: getattr(file, name) for name in same},
            "uploaded_by": file.uploaded_by_id,
            "result": file.holder == RESULT,
        }
        for file in files
    ]
    return {"items": items}
