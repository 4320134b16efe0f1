"""What goes into the actions of this room and what comes out of its reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal

from trassa.automation.types import Choice, How, Settings
from trassa.journal import Json
from trassa.schema.types import Label
from trassa.work.repetition import Repetition, read_repetition

#: Why a write happened, as history keeps it.
Cause = Mapping[str, Json]
NO_CAUSE: Final[Cause] = MappingProxyType({})


class Part(StrEnum):
    """What somebody has to do with a task."""

    OWNER = "owner"
    AUTHOR = "author"
    CANDIDATE = "candidate"
    CO_WORKER = "co_worker"
    OBSERVER = "observer"
    #: Stands in for the owner today.
    SUBSTITUTE = "substitute"
    #: Heads a department that the owner works in.
    HEAD = "head"
    #: Administrators and the system.
    EVERYTHING = "everything"
    #: Sees the record that it is about.
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Holders:
    """People, roles and departments, by their ids."""

    people: Sequence[int] = ()
    roles: Sequence[int] = ()
    departments: Sequence[int] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.roles or self.departments)


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task to be. Without owner and candidates it is for whoever gives it."""

    title: str
    kind: str = "todo"
    text: str = ""
    record_id: int | None = None
    owner_id: int | None = None
    candidates: Holders = field(default_factory=Holders)
    co_workers: Sequence[int] = ()
    observers: Sequence[int] = ()
    due_at: datetime | None = None
    #: Code of a date of the record that the due moment follows, and a duration behind it, before it when
    #: negative; `due_at` comes from there then.
    due_field: str = ""
    due_offset: str = ""
    estimate_minutes: int | None = None
    priority: str = "normal"
    parent_id: int | None = None
    #: What it consists of, in order.
    checklist: Sequence[str] = ()
    #: It ends well only when all of that is ticked.
    whole_checklist: bool = False
    #: Codes of fields of the record: those that a form asks for, the one where an upload puts its file.
    fields: Sequence[str] = ()
    #: Code of the kind of document that an upload asks for.
    file_kind: str = ""
    #: Uploads of whoever gives it, by id.
    files: Sequence[int] = ()
    #: How it comes again; it needs a due moment then.
    repetition: Repetition | None = None
    #: Names tasks that rules give alike.
    code: str = ""
    #: A duration behind the due moment, after which the owner's head is called in; "" for never.
    escalation: str = ""
    #: Says once for all where it comes from: a second task with the same key is not made.
    key: str | None = None


#: What `change_task` may change, by the names of a TaskDraft; absent ones stay as they are.
CHANGEABLE: Final = (
    "title",
    "text",
    "due_at",
    "due_field",
    "due_offset",
    "estimate_minutes",
    "priority",
    "co_workers",
    "observers",
    "checklist",
    "whole_checklist",
    "repetition",
)

#: How tasks of each kind may end. The first one is what “done” means; those in NEEDS_WORDS are explained.
OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "todo": ("done",),
    "call": ("reached", "not_reached"),
    "meeting": ("held", "not_held"),
    "form": ("filled",),
    "acknowledgement": ("acknowledged",),
    "approval": ("approved", "returned", "rejected"),
    "upload": ("uploaded",),
}
NEEDS_WORDS: Final = frozenset(("returned", "rejected"))


KindName = Literal["todo", "call", "meeting", "form", "acknowledgement", "approval", "upload"]
#: Whom a task is for: the owner of its record, a person, whoever a field names, the owner's head, who set a
#: rule off or uses a template, whoever of several takes it.
Who = Literal["owner", "person", "field", "head", "actor", "one_of_role", "one_of_department"]
PriorityName = Literal["low", "normal", "high"]
DaysOff = Literal["keep", "skip", "next"]


class TaskSettings(Settings):
    """What rules and templates say about a task; what is empty is not said."""

    title: str = ""
    kind: Literal["", KindName] = ""
    text: str = ""
    who: Literal["", Who] = ""
    person: str = ""
    person_field: str = ""
    role: str = ""
    department: str = ""
    #: From now, by the calendar of whoever is to do it: “15 working minutes”.
    due: str = ""
    #: Or by a date of the record, and so far behind it, before it when negative: “-1 working day”.
    due_field: str = ""
    due_offset: str = ""
    #: How long after that its owner's head is called in; "" for never.
    escalation: str = ""
    #: What it consists of; with `whole_checklist` it ends well only when all is ticked off.
    checklist: list[str] = []
    whole_checklist: bool = False
    #: Fields that a form asks for; the one where a document goes, and as what kind of document.
    fields: tuple[str, ...] = ()
    file_kind: str = ""
    #: How long it takes, 0 where nobody says.
    estimate_minutes: int = 0
    #: How it comes again, an RRULE of RFC 5545: “FREQ=WEEKLY;BYDAY=MO”, counted from its end with
    #: `after_end`; what falls on a day off stays (keep), is left out (skip) or comes on the next working day.
    repeat: str = ""
    after_end: bool = False
    days_off: Literal["", DaysOff] = ""
    #: Names such tasks, for rules that answer to their end and steps that end them.
    code: str = ""

    needs = {
        "person": ("who", ("person",)),
        "person_field": ("who", ("field",)),
        "role": ("who", ("one_of_role",)),
        "department": ("who", ("one_of_department",)),
        "due_offset": ("due_field", ()),
        "after_end": ("repeat", ()),
        "days_off": ("repeat", ()),
        "whole_checklist": ("checklist", ()),
        "fields": ("kind", ("form", "upload")),
        "file_kind": ("kind", ("upload",)),
    }


class TemplateSettings(TaskSettings):
    """What tasks of a template are like, all of it said."""

    kind: KindName = "todo"
    who: Who = "owner"
    days_off: DaysOff = "keep"
    priority: PriorityName = "normal"

    @property
    def repetition(self) -> Repetition | None:
        """How it comes again; raises NotARule for what is no repetition."""
        if not self.repeat:
            return None
        return read_repetition(self.repeat, after_end=self.after_end, days_off=self.days_off)

    @property
    def choice(self) -> Choice:
        """`one_of_role` and `one_of_department` leave it to whoever takes it."""
        how: How
        match self.who:
            case "one_of_role":
                how = "role"
            case "one_of_department":
                how = "department"
            case who:
                how = who
        return Choice(how, self.person, self.person_field, self.role, self.department)


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A template of tasks as somebody wrote it. Without a type it is for tasks about anything, or nothing."""

    code: str
    label: Label
    settings: TemplateSettings
    type: str = ""
    #: Offered in the form of a new task; rules use it either way.
    is_active: bool = True
    position: int = 0


class TaskEnded(Settings):
    """What rules answer to: a task of the record is done, of this kind, code and outcome, if any is said."""

    kind: Literal["", KindName] = ""
    code: str = ""
    outcome: str = ""

    def fits(self, kind: str, code: str, outcome: str) -> bool:
        """Whether such a task is meant."""
        wanted = ((self.kind, kind), (self.code, code), (self.outcome, outcome))
        return all(one in ("", other) for one, other in wanted)


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """Which of the tasks that wait for somebody; `after` is due moment and id of the last one of a page."""

    kinds: Sequence[str] = ()
    #: "overdue", "today", "later" (another day or none), "" for all.
    when: str = ""
    words: str = ""
    #: Also what its owner has put off.
    snoozed: bool = False
    limit: int = 50
    after: tuple[datetime | None, int] | None = None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How much waits for somebody, up to a limit; `more` says that it was reached."""

    total: int = 0
    overdue: int = 0
    today: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    #: How much of each kind is overdue.
    late_kinds: Mapping[str, int] = field(default_factory=dict)
    more: bool = False


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Who has which part in a task: exactly one of the ids is set."""

    part: str
    person_id: int | None = None
    role_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A part of a task; `done_at` and `done_by` say when it was ticked off and by whom."""

    id: int
    text: str
    done_at: datetime | None = None
    done_by: int | None = None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as somebody may see it."""

    id: int
    kind: str
    title: str
    text: str
    record_id: int | None
    type_id: int | None
    #: Title of the record, "" without one.
    record_title: str
    owner_id: int | None
    author_id: int | None
    parent_id: int | None
    due_at: datetime | None
    #: The date that the due moment follows, or followed until somebody gave another one.
    due_field_id: int | None
    due_offset: str
    due_follows: bool
    estimate_minutes: int | None
    priority: str
    state: str
    outcome: str
    result: str
    done_at: datetime | None
    done_by_id: int | None
    snoozed_until: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    checklist: Sequence[ChecklistItem] = ()
    whole_checklist: bool = False
    field_ids: Sequence[int] = ()
    file_kind_id: int | None = None
    #: How it comes again; None once its series is over.
    repetition: Repetition | None = None
    seats: Sequence[SeatLine] = ()

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    def holders(self, part: str) -> Holders:
        """Whoever has this part."""
        seats = [each for each in self.seats if each.part == part]
        return Holders(
            [each.person_id for each in seats if each.person_id],
            [each.role_id for each in seats if each.role_id],
            [each.department_id for each in seats if each.department_id],
        )


#: Column → value, as `Task.objects.values()` gives it.
Row = Mapping[str, Any]
