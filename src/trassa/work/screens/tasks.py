"""Tasks as they are shown: in the inbox, on a card, and one alone with what can be done and what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.access.queries import Actor
from trassa.journal import Entry
from trassa.kernel import now
from trassa.records.types import StoredFile
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.ui import address_of, date_exact, date_short, duration
from trassa.work.models import Task
from trassa.work.queries.files import RESULT
from trassa.work.queries.parts import acts_of
from trassa.work.screens.due_dates import followed_in_words
from trassa.work.screens.repetition import repeats
from trassa.work.screens.task_histories import OUTCOME_WORDS, Happened, Names, happened_of
from trassa.work.types import NEEDS_WORDS, OUTCOMES, ChecklistItem, TaskLine

#: How much time before its end is worth a word.
SOON = timedelta(hours=4)
TONES: Mapping[str, str] = {
    "approval": "warn",
    "call": "bad",
    "acknowledgement": "accent",
    "form": "accent",
}
#: What the buttons say.
OUTCOME_ACTS = {
    "done": gettext_lazy("Complete"),
    "acknowledged": gettext_lazy("I have read it"),
    "approved": gettext_lazy("Approve"),
    "returned": gettext_lazy("For rework"),
    "rejected": gettext_lazy("Reject"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """When a task is due, in words."""

    text: str
    exact: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of a list."""

    id: int
    url: str
    title: str
    kind: str
    tone: str
    #: What it is about and who gave it.
    sub: str
    due: Due | None
    #: Name and id of who has it, or gave it.
    name: str
    person_id: int | None
    is_high: bool
    is_open: bool
    outcome: str
    version: int
    #: Nobody has it yet.
    is_free: bool
    can_complete: bool


@dataclass(frozen=True, slots=True)
class Act:
    """A way to end a task: its outcome, what the button says, whether it asks for words."""

    code: str
    label: str
    needs_words: bool
    tone: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a checklist; `by` says who ticked it off and when."""

    id: int
    text: str
    is_done: bool
    by: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a task."""

    id: int
    name: str
    size: str
    url: str
    is_result: bool


@dataclass(frozen=True, slots=True)
class TaskDetails:
    """One task with everything about it."""

    row: TaskRow
    line: TaskLine
    kind: str
    state: str
    owner: str
    author: str
    candidates: str
    co_workers: str
    observers: str
    estimate: str
    priority: str
    snoozed: str
    record_url: str
    record_type: str
    #: Names of `queries.parts.acts_of`.
    acts: frozenset[str]
    outcomes: Sequence[Act]
    children: Sequence[TaskRow]
    parent_url: str
    happened: Sequence[Happened]
    checklist: Sequence[Item]
    #: How much of the checklist and of the sub-tasks is done, "" without any.
    ticked: str
    files: Sequence[FileLine]
    #: Who ended it and when, "" while it is open.
    ended: str
    #: Where the controls of its form are, "" for what asks for no fields.
    inputs_url: str
    #: What document is asked for, "" for none.
    document: str
    #: How it comes again, "" for what does not.
    repeats: str
    #: The date of the record that its due moment follows, in words, "" for none.
    follows: str
    children_done: str

    @property
    def has_menu(self) -> bool:
        """Whether there is anything in the menu of its own page."""
        return bool(self.acts & {"change", "release", "cancel"})


def kind_label(kind: str) -> str:
    return str(Task.Kind(kind).label)


def due_of(line: TaskLine) -> Due | None:
    """When it is due; how much is left where that is little, how late it is where it is late."""
    if not line.is_open:
        return Due(date_short(line.done_at), date_exact(line.done_at)) if line.done_at else None
    if line.due_at is None:
        return None
    left = line.due_at - now()
    exact = date_exact(line.due_at)
    if left < timedelta():
        return Due(_("%(time)s late") % {"time": duration(-left)}, exact, "bad")
    if left < SOON:
        return Due(_("%(time)s left") % {"time": duration(left)}, exact, "warn")
    return Due(date_short(line.due_at), exact)


def rows_of(actor: Actor, lines: Sequence[TaskLine], *, with_acts: bool = False) -> list[TaskRow]:
    """Tasks as lines of a list; `with_acts` says of each whether this person can complete it."""
    names = Names(lines)
    return [row_of(line, names, "complete" in acts_of(actor, line) if with_acts else False) for line in lines]


def row_of(line: TaskLine, names: Names, can_complete: bool) -> TaskRow:
    is_free = line.is_open and line.owner_id is None
    shown = line.author_id if line.author_id and line.author_id != line.owner_id else line.owner_id
    parts = [
        line.record_title if line.record_title and line.record_title not in line.title else "",
        _("waits for whoever takes it") if is_free else "",
        progress([each.is_done for each in line.checklist]) if line.is_open else "",
        str(OUTCOME_WORDS.get(line.outcome, "")) if not line.is_open else "",
        _("put off until %(when)s") % {"when": date_short(line.snoozed_until)} if is_asleep(line) else "",
    ]
    return TaskRow(
        id=line.id,
        url=address_of("work:task", line.id),
        title=line.title,
        kind=kind_label(line.kind),
        tone=TONES.get(line.kind, ""),
        sub=" · ".join(part for part in parts if part),
        due=due_of(line),
        name=names.person(shown),
        person_id=shown,
        is_high=line.priority == Task.Priority.HIGH,
        is_open=line.is_open,
        outcome=str(OUTCOME_WORDS.get(line.outcome, "")),
        version=line.version,
        is_free=is_free,
        can_complete=can_complete,
    )


def is_asleep(line: TaskLine) -> bool:
    """Whether a task is put off at this moment."""
    return line.is_open and line.snoozed_until is not None and line.snoozed_until > now()


def details_of(
    actor: Actor,
    line: TaskLine,
    children: Sequence[TaskLine],
    entries: Sequence[Entry],
    files: Sequence[StoredFile] = (),
) -> TaskDetails:
    """Everything about a task that is there for this person."""
    names = Names([line, *children], entries)
    acts = frozenset(acts_of(actor, line))
    spec = current_generation().types_by_id.get(line.type_id or 0)
    return TaskDetails(
        row=row_of(line, names, "complete" in acts),
        line=line,
        kind=kind_label(line.kind),
        state=str(Task.State(line.state).label),
        owner=names.person(line.owner_id),
        author=names.person(line.author_id) or _("Trassa"),
        candidates=names.holders(line, "candidate"),
        co_workers=names.holders(line, "co_worker"),
        observers=names.holders(line, "observer"),
        estimate=duration(timedelta(minutes=line.estimate_minutes)) if line.estimate_minutes else "",
        priority=str(Task.Priority(line.priority).label),
        snoozed=date_short(line.snoozed_until) if is_asleep(line) else "",
        record_url=address_of("records:card", spec.code, line.record_id) if spec and line.record_id else "",
        record_type=str(spec.label) if spec else "",
        acts=acts,
        outcomes=outcomes_of(line.kind) if "complete" in acts else (),
        children=[row_of(each, names, False) for each in children],
        parent_url=address_of("work:task", line.parent_id) if line.parent_id else "",
        happened=[happened_of(entry, names, spec) for entry in entries],
        checklist=[item_of(each, names) for each in line.checklist],
        ticked=progress([each.is_done for each in line.checklist]),
        ended=when_ended(line, names),
        files=[file_line(each) for each in files],
        inputs_url=inputs_url(line, spec) if "complete" in acts else "",
        document=document_asked(line, spec),
        repeats=repeats(line.repetition),
        follows=followed_in_words(line),
        children_done=progress([not each.is_open for each in children]),
    )


def file_line(file: StoredFile) -> FileLine:
    return FileLine(
        file.id,
        file.name,
        filesizeformat(file.size),
        address_of("records:file_content", file.id),
        file.holder == RESULT,
    )


def inputs_url(line: TaskLine, spec: TypeSpec | None) -> str:
    """Where the controls of a form are."""
    if spec is None or line.kind != "form" or not line.field_ids or not line.is_open:
        return ""
    asked = urlencode([("field", spec.by_id[id].code) for id in line.field_ids if id in spec.by_id])
    return f"{address_of('records:inputs', spec.code, line.record_id)}?{asked}"


def document_asked(line: TaskLine, spec: TypeSpec | None) -> str:
    """Which document is asked for: its kind where one is said, else the field that takes it."""
    field = spec.by_id.get(line.field_ids[0]) if spec and line.field_ids and line.kind == "upload" else None
    if field is None:
        return ""
    kind = next((each for each in field.options if each.id == line.file_kind_id), None)
    return str(kind.label if kind else field.label)


def when_ended(line: TaskLine, names: Names) -> str:
    """Who ended it and when."""
    if line.done_at is None:
        return ""
    return f"{names.person(line.done_by_id) or _('Trassa')}, {date_short(line.done_at)}"


def item_of(item: ChecklistItem, names: Names) -> Item:
    by = f"{names.person(item.done_by) or _('Trassa')}, {date_short(item.done_at)}" if item.done_at else ""
    return Item(item.id, item.text, item.is_done, by)


def progress(done: Sequence[bool]) -> str:
    """How many of how many, "" of none."""
    return _("%(done)s of %(all)s") % {"done": sum(done), "all": len(done)} if done else ""


def outcomes_of(kind: str) -> list[Act]:
    """The ways in which tasks of a kind end, the usual one first."""
    return [
        Act(
            code,
            str(OUTCOME_ACTS.get(code, OUTCOME_WORDS[code])),
            code in NEEDS_WORDS,
            "danger" if code == "rejected" else "good" if place == 0 else "",
        )
        for place, code in enumerate(OUTCOMES[kind])
    ]
