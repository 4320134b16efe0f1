"""What operations on tasks take and answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from trassa.api import MAX_ID, WholeNumber
from trassa.kernel import FieldError, Invalid
from trassa.people.queries import list_departments, list_roles
from trassa.work.repetition import NotARule, Repetition, read_repetition
from trassa.work.types import Holders, KindName, PriorityName, TaskDraft


def take_moment(raw: Any) -> Any:
    """Moments are text in ISO 8601, never numbers."""
    if not isinstance(raw, str | datetime):
        raise ValueError("give a moment as text in ISO 8601")
    return raw


PersonId = Annotated[WholeNumber, Field(ge=1, le=MAX_ID)]
Moment = Annotated[datetime, BeforeValidator(take_moment)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
People = Annotated[list[PersonId], Field(max_length=200)]
Title = Annotated[str, Field(min_length=1, max_length=500)]
Words = Annotated[str, Field(max_length=10_000)]
Checklist = Annotated[list[Annotated[str, Field(min_length=1, max_length=500)]], Field(max_length=100)]
Minutes = Annotated[WholeNumber, Field(ge=1, le=120_000)]
Due = Annotated[Moment | None, Field(description="With its time zone; null: no deadline.")]
#: How far from a date.
Offset = Annotated[str, Field(max_length=40)] | None
#: Parts of a task that are empty texts rather than nothing.
_TEXTS = {"due_field", "due_offset"}
_HOLDERS: dict[str, Any] = {"people": [7, 9], "roles": ["appraiser"], "departments": []}
_REPEAT: dict[str, Any] = {"rule": "FREQ=WEEKLY;BYDAY=MO,TH", "after_end": False, "days_off": "next"}
TASK_EXAMPLE: dict[str, Any] = {
    "id": 31,
    "kind": "call",
    "title": "Перезвонить: Егоров П., BMW X5",
    "text": "",
    "record": 2048,
    "record_type": "deal",
    "record_title": "BMW X5 xDrive40i, 2021 — Егоров Пётр",
    "owner": None,
    "author": 7,
    "candidates": _HOLDERS,
    "co_workers": [],
    "observers": [11],
    "parent": None,
    "due": "2026-11-27T12:30:00Z",
    "due_field": None,
    "due_offset": None,
    "due_follows": False,
    "estimate_minutes": 15,
    "priority": "high",
    "state": "open",
    "checklist": [
        {"id": 1, "text": "Уточнить бюджет", "done": True, "done_at": "2026-11-27T12:20:00Z", "done_by": 9},
        {"id": 2, "text": "Предложить показ", "done": False, "done_at": None, "done_by": None},
    ],
    "whole_checklist": False,
    "repeat": None,
    "fields": [],
    "file_kind": None,
    "outcome": "",
    "result": "",
    "done_at": None,
    "done_by": None,
    "snoozed_until": None,
    "version": 1,
    "created_at": "2026-11-27T12:15:00Z",
    "updated_at": "2026-11-27T12:15:00Z",
}


class WorkBody(Schema):
    """A body that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


class HoldersBody(WorkBody):
    """Who may take a task: ids of people, codes of roles and of departments (with all below them)."""

    model_config = ConfigDict(json_schema_extra={"examples": [_HOLDERS]})

    people: People = []
    roles: Annotated[list[Code], Field(max_length=50)] = []
    departments: Annotated[list[Code], Field(max_length=50)] = []


class Repeat(WorkBody):
    """How a task comes again."""

    model_config = ConfigDict(json_schema_extra={"examples": [_REPEAT]})

    rule: Annotated[str, Field(max_length=300, description="An RRULE of RFC 5545, by days or longer.")]
    after_end: Annotated[bool, Field(description="Counted from when the last one ended.")] = False
    days_off: Annotated[
        Literal["keep", "skip", "next"],
        Field(description="Moments on days off stay, are left out, or come on the next working day."),
    ] = "keep"

    def repetition(self) -> Repetition:
        """What the action takes; raises Invalid for what is no rule."""
        try:
            return read_repetition(self.rule, after_end=self.after_end, days_off=self.days_off)
        except NotARule as fault:
            raise Invalid(str(fault), errors=[FieldError("repeat", "invalid", str(fault))]) from None


class NewTask(WorkBody):
    """A task to be given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Перезвонить: Егоров П., BMW X5",
                    "kind": "call",
                    "record": 2048,
                    "due": "2026-11-27T15:30:00+03:00",
                    "candidates": {"roles": ["seller"]},
                }
            ]
        }
    )

    title: Title
    kind: KindName = "todo"
    text: Words = ""
    record: Annotated[PersonId | None, Field(description="Id of the record that it is about.")] = None
    owner: Annotated[PersonId | None, Field(description="Who is to do it.")] = None
    candidates: Annotated[
        HoldersBody | None, Field(description="Who may take it; the first to do so owns it.")
    ] = None
    co_workers: People = []
    observers: People = []
    due: Due = None
    due_field: Annotated[
        Code | None,
        Field(description="Instead of `due`: a date of the record that the due moment follows."),
    ] = None
    due_offset: Annotated[Offset, Field(description="How far behind that date: `-1 working day`.")] = None
    estimate_minutes: Minutes | None = None
    priority: PriorityName = "normal"
    parent: Annotated[PersonId | None, Field(description="Id of the task that it is a part of.")] = None
    checklist: Annotated[Checklist, Field(description="What it consists of, in order.")] = []
    whole_checklist: Annotated[
        bool, Field(description="It ends well only when the whole checklist is ticked off.")
    ] = False
    repeat: Annotated[Repeat | None, Field(description="How it comes again; `due` is the first time.")] = None
    fields: Annotated[
        list[Code],
        Field(max_length=50, description="form: fields of the record to fill in; upload: the one of files."),
    ] = []
    file_kind: Annotated[
        Code | None, Field(description="upload: which kind of document, an option of the field.")
    ] = None
    files: Annotated[
        list[PersonId], Field(max_length=50, description="Uploads of yours to give with it.")
    ] = []

    def draft(self) -> TaskDraft:
        """What the action takes; raises Invalid for unknown roles and departments."""
        return TaskDraft(
            title=self.title,
            kind=self.kind,
            text=self.text,
            record_id=self.record,
            owner_id=self.owner,
            candidates=holders_of_body(self.candidates) or Holders(),
            co_workers=list(dict.fromkeys(self.co_workers)),
            observers=list(dict.fromkeys(self.observers)),
            due_at=self.due,
            due_field=self.due_field or "",
            due_offset=self.due_offset or "",
            estimate_minutes=self.estimate_minutes,
            priority=self.priority,
            parent_id=self.parent,
            checklist=self.checklist,
            whole_checklist=self.whole_checklist,
            repetition=self.repeat.repetition() if self.repeat else None,
            fields=self.fields,
            file_kind=self.file_kind or "",
            files=self.files,
        )


class TaskChange(WorkBody):
    """What is to be another; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"due": "2026-11-28T12:00:00+03:00", "version": 1}]}
    )

    version: Annotated[WholeNumber | None, Field(ge=1, le=2**31 - 1)] = None
    title: Title | None = None
    text: Words | None = None
    due: Due = None
    due_field: Annotated[
        Code | None,
        Field(description="Follow this date (again), with `due_offset`; null: follow none."),
    ] = None
    due_offset: Offset = None
    estimate_minutes: Minutes | None = None
    priority: PriorityName | None = None
    co_workers: People | None = None
    observers: People | None = None
    checklist: Annotated[
        Checklist | None,
        Field(description="The whole list; items with the words of before keep their ticks."),
    ] = None
    whole_checklist: bool | None = None
    repeat: Annotated[Repeat | None, Field(description="null: this was the last one.")] = None
    following: Annotated[
        bool, Field(description="The tasks that follow in its series become like that, too.")
    ] = False

    def changes(self) -> dict[str, Any]:
        """What the action takes: only what was sent. Nulls empty due moment and estimate, or end a series."""
        sent = self.model_dump(exclude_unset=True, exclude={"version", "repeat", "following"})
        emptied = {"due", "due_field", "due_offset", "estimate_minutes"}
        changes = {
            "due_at" if name == "due" else name: "" if value is None and name in _TEXTS else value
            for name, value in sent.items()
            if value is not None or name in emptied
        }
        if "repeat" in self.model_fields_set:
            changes["repetition"] = self.repeat.repetition() if self.repeat else None
        return changes


class Completing(WorkBody):
    """How a task ended; without `outcome` the usual way of its kind."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "reached", "result": "Приедет в субботу"}]}
    )

    outcome: Annotated[
        str,
        Field(
            max_length=40,
            description="call: reached, not_reached; meeting: held, not_held; approval: approved, returned,"
            " rejected (these two need `result`).",
        ),
    ] = ""
    result: Words = ""
    fields: Annotated[
        dict[str, Any], Field(max_length=50, description="Values of the fields that a form asks for.")
    ] = {}
    file: Annotated[PersonId | None, Field(description="The upload that a document asks for.")] = None
    files: Annotated[
        list[PersonId], Field(max_length=50, description="Uploads of yours that came of it.")
    ] = []


class TaskFiles(WorkBody):
    """Uploads of yours to add to a task."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"files": [31]}]})

    files: Annotated[list[PersonId], Field(min_length=1, max_length=50)]


class TaskTicking(WorkBody):
    """Whether an item of a checklist is done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"done": True}]})

    done: bool


class Cancelling(WorkBody):
    """Why a task is not to be done any more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"why": "Клиент передумал"}]})

    why: Words = ""
    following: Annotated[bool, Field(description="Its series ends with it.")] = False


class Delegating(WorkBody):
    """Who is to do it now: one person, or several who may take it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"owner": 9}]})

    owner: PersonId | None = None
    candidates: HoldersBody | None = None
    following: Annotated[bool, Field(description="Those that follow in its series go there as well.")] = False


class Snoozing(WorkBody):
    """Until when a task is out of sight; null brings it back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"until": "2026-11-28T09:00:00+03:00"}]})

    until: Moment | None


def holders_of_body(body: HoldersBody | None) -> Holders | None:
    """Ids instead of codes; raises Invalid for codes that are not in use."""
    if body is None:
        return None
    roles = ids_of(body.roles, {role.code: role.pk for role in list_roles()}, _("There is no such role."))
    departments = ids_of(
        body.departments,
        {each.code: each.pk for each in list_departments()},
        _("There is no such department."),
    )
    return Holders(list(dict.fromkeys(body.people)), roles, departments)


def ids_of(codes: Iterable[str], known: Mapping[str, int], message: str) -> list[int]:
    """The ids behind codes, each once."""
    wanted = list(dict.fromkeys(codes))
    if not known.keys() >= set(wanted):
        raise Invalid(message, errors=[FieldError("candidates", "unknown", message)])
    return [known[code] for code in wanted]
