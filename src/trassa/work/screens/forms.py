"""The form of a task: what was sent, as a draft, and what it shows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.kernel import FieldError, company_zone
from trassa.people.queries import department_names, list_roles, names_of
from trassa.people.types import Duration
from trassa.ui import read_id
from trassa.work.models import Task
from trassa.work.screens.repetition import RepeatForm, read_repeat, repetition_of
from trassa.work.types import Holders, TaskDraft, TaskLine

#: What a template fills in, by the names of a TaskForm.
FILLED: Final = (
    *("title", "kind", "text", "due", "who", "priority", "estimate"),
    *("checklist", "whole_checklist", "fields"),
    *("due_field", "due_amount", "due_unit", "due_side", "repeat"),
)
#: Units of the distance from a date, as `Duration` reads them.
UNITS: Final = {
    "days": gettext_lazy("days"),
    "working days": gettext_lazy("working days"),
    "hours": gettext_lazy("hours"),
    "working hours": gettext_lazy("working hours"),
    "minutes": gettext_lazy("minutes"),
}
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What stands in the form of a task."""

    title: str = ""
    kind: str = "todo"
    text: str = ""
    #: As `datetime-local` has it, in the company's zone.
    due: str = ""
    #: Code of a date of the record that the due moment follows, and how far from it.
    due_field: str = ""
    due_amount: str = ""
    due_unit: str = "working days"
    due_side: str = BEFORE
    priority: str = "normal"
    estimate: str = ""
    #: "p5", "r3", "d2": one person is the owner, several may take it.
    who: Sequence[str] = ()
    co_workers: Sequence[int] = ()
    observers: Sequence[int] = ()
    record_id: int | None = None
    parent_id: int | None = None
    #: An item a line.
    checklist: str = ""
    whole_checklist: bool = False
    #: Codes of the fields that it asks for.
    fields: Sequence[str] = ()
    repeat: RepeatForm = field(default_factory=RepeatForm)
    errors: dict[str, str] = field(default_factory=dict)
    #: The template that was chosen, and what it filled in: that may give way to another one.
    template: str = ""
    filled: Mapping[str, Any] = field(default_factory=dict)

    @property
    def filled_json(self) -> str:
        return json.dumps(self.filled)

    @property
    def due_offset(self) -> str:
        """How far behind the date, before it when negative, as `Duration` reads it."""
        amount = read_id(self.due_amount) or 0
        return f"{'-' if self.due_side == BEFORE else ''}{amount} {self.due_unit}" if amount else ""

    @property
    def units(self) -> list[tuple[str, str]]:
        return [(unit, str(label)) for unit, label in UNITS.items()]

    @property
    def sides(self) -> list[tuple[str, str]]:
        return [(BEFORE, _("before the date")), (AFTER, _("after the date"))]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind.value, str(kind.label)) for kind in Task.Kind]

    @property
    def priorities(self) -> list[tuple[str, str]]:
        return [(each.value, str(each.label)) for each in Task.Priority]


def read_form(sent: QueryDict) -> TaskForm:
    """What was sent."""
    kind, priority = sent.get("kind", "todo"), sent.get("priority", "normal")
    return TaskForm(
        title=sent.get("title", ""),
        kind=kind if kind in Task.Kind.values else "todo",
        text=sent.get("text", ""),
        due=sent.get("due", ""),
        due_field=sent.get("due_field", ""),
        due_amount=sent.get("due_amount", ""),
        due_unit=unit if (unit := sent.get("due_unit", "")) in UNITS else "working days",
        due_side=AFTER if sent.get("due_side") == AFTER else BEFORE,
        priority=priority if priority in Task.Priority.values else "normal",
        estimate=sent.get("estimate_minutes", ""),
        who=[each for each in sent.getlist("who") if each],
        co_workers=read_people(sent.getlist("co_workers")),
        observers=read_people(sent.getlist("observers")),
        record_id=read_id(sent.get("record", "")),
        parent_id=read_id(sent.get("parent", "")),
        checklist=sent.get("checklist", ""),
        whole_checklist="whole_checklist" in sent,
        fields=sent.getlist("fields"),
        repeat=read_repeat(sent),
        template=sent.get("template", ""),
        filled=read_filled(sent.get("filled", "")),
    )


def read_filled(sent: str) -> Mapping[str, Any]:
    """What the last template filled in, as the form carries it along."""
    try:
        found = json.loads(sent or "{}")
    except ValueError:
        return {}
    return {name: found[name] for name in FILLED if name in found} if isinstance(found, dict) else {}


def plain(value: Any) -> Any:
    """What stands in an input, as the form carries it along."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, RepeatForm):
        return {name: plain(each) for name, each in asdict(value).items()}
    return sorted(value) if isinstance(value, list | tuple) else value


def read_people(raw: Sequence[str]) -> list[int]:
    """Ids of people, as "p5" or "5"."""
    return [id for each in raw if (id := read_id(each.removeprefix("p"))) is not None]


def draft_of(form: TaskForm) -> TaskDraft:
    """The task that a form asks for; raises Invalid for a repetition that makes no sense."""
    owner, candidates = read_who(form.who)
    due_at = read_due(form.due) if not form.due_field else None
    return TaskDraft(
        title=form.title,
        kind=form.kind,
        text=form.text,
        record_id=form.record_id,
        owner_id=owner,
        candidates=candidates,
        co_workers=form.co_workers,
        observers=form.observers,
        due_at=due_at,
        due_field=form.due_field,
        due_offset=form.due_offset if form.due_field else "",
        estimate_minutes=read_id(form.estimate),
        priority=form.priority,
        parent_id=form.parent_id,
        checklist=form.checklist.splitlines(),
        whole_checklist=form.whole_checklist,
        fields=form.fields if form.kind in ("form", "upload") else (),
        repetition=repetition_of(form.repeat, due_at),
    )


def read_who(chosen: Sequence[str]) -> tuple[int | None, Holders]:
    """One person is the owner; several, a role or a department may take it."""
    ids: dict[str, list[int]] = {"p": [], "r": [], "d": []}
    for each in dict.fromkeys(chosen):
        id = read_id(each[1:])
        if id is not None and each[:1] in ids:
            ids[each[0]].append(id)
    if len(ids["p"]) == 1 and not ids["r"] and not ids["d"]:
        return ids["p"][0], Holders()
    return None, Holders(ids["p"], ids["r"], ids["d"])


def read_due(raw: str) -> datetime | None:
    """A moment of the company's zone; None for nothing and for what is no moment."""
    try:
        return datetime.fromisoformat(raw).replace(tzinfo=company_zone())
    except ValueError:
        return None


def write_due(moment: datetime | None) -> str:
    """A moment as `datetime-local` has it."""
    return moment.astimezone(company_zone()).strftime("%Y-%m-%dT%H:%M") if moment else ""


def parts_of_offset(offset: str) -> dict[str, Any]:
    """A distance from a date as the inputs of the form have it."""
    if not offset:
        return {}
    found = Duration.parse(offset)
    return {
        "due_amount": str(abs(found.amount)),
        "due_unit": f"{'working ' if found.is_working else ''}{found.unit}s",
        "due_side": BEFORE if found.amount < 0 else AFTER,
    }


def due_changes(form: TaskForm, line: TaskLine, code: str) -> dict[str, Any]:
    """What a form changes about when its task is due; `code` is the date that the task follows, "" for none.

    Another date or distance is followed; a moment given by hand is kept.
    """
    shown = (code, line.due_offset if code else "")
    sent = (form.due_field, form.due_offset if form.due_field else "")
    by_hand = {"due_at": read_due(form.due)} if form.due != write_due(line.due_at) else {}
    if sent == shown:
        return by_hand
    return {"due_field": sent[0], "due_offset": sent[1]} if form.due_field else {"due_field": "", **by_hand}


def errors_of(errors: Sequence[FieldError]) -> dict[str, str]:
    """Errors under the names of the form's inputs."""
    names = {"owner": "who", "candidates": "who", "due_offset": "due_field"}
    return {names.get(each.field, each.field): str(each.message) for each in errors}


def chosen_names(chosen: Sequence[str]) -> list[tuple[str, str]]:
    """What stands in a combobox: value and words."""
    people = names_of([id for each in chosen if each[:1] == "p" and (id := read_id(each[1:]))])
    roles = {role.pk: str(role) for role in list_roles()} if any(each[:1] == "r" for each in chosen) else {}
    departments = department_names([id for each in chosen if each[:1] == "d" and (id := read_id(each[1:]))])
    names = {
        **{f"p{id}": name for id, name in people.items()},
        **{f"r{id}": name for id, name in roles.items()},
        **{f"d{id}": name for id, name in departments.items()},
    }
    return [(each, names[each]) for each in chosen if each in names]
