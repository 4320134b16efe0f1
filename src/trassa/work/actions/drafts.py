"""What is checked before a task is given: words, and that everybody who gets it can do something with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid
from trassa.people.queries import list_departments, list_roles
from trassa.work.models import Task
from trassa.work.queries.sight import Sight
from trassa.work.repetition import Repetition
from trassa.work.types import Holders, TaskDraft

MAX_TITLE = 500
MAX_TEXT = 10_000
#: Longest estimate: about a year of work.
MAX_MINUTES = 120_000
#: Items of a checklist, and characters of one.
MAX_ITEMS, MAX_ITEM = 100, 500


#: Why a date is not followed and repeated from.
NOT_BOTH = gettext_lazy("What repeats counts from a moment of its own, not from a date of the record.")


class Faults:
    """Collects what is wrong with a task, by the names of the API."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def add(self, field: str, code: str, message: str | Promise) -> None:
        self.errors.append(FieldError(field, code, message))

    def refuse(self) -> None:
        """Raise Invalid when anything is wrong."""
        if self.errors:
            text = str(self.errors[0].message) if len(self.errors) == 1 else _("Check what is marked.")
            raise Invalid(text, errors=self.errors)


def check_people(sight: Sight, ids: Sequence[int], field: str, record_id: int | None, faults: Faults) -> None:
    """Everybody works here and sees the record: nobody is given what they cannot open."""
    if set(ids) - sight.actors.keys():
        faults.add(field, "unknown", _("Choose somebody who works here."))
    if record_id is None or record_id not in sight.places:
        return
    named = [sight.actors[id] for id in dict.fromkeys(ids) if id in sight.actors]
    if blind := [str(actor.name) for actor in named if not sight.sees(actor, record_id)]:
        message = _("%s does not see this record. Choose somebody else, or give them rights to it.")
        faults.add(field, "cannot_see", message % ", ".join(blind))


def sight_of(drafts: Sequence[TaskDraft], actor: Actor) -> Sight:
    """Everybody whom drafts name and their giver, with their records."""
    people = {id for draft in drafts for id in people_of(draft)}
    return Sight.of(people | {actor.id}, (draft.record_id for draft in drafts))


def people_of(draft: TaskDraft) -> Iterator[int]:
    """Everybody whom a draft names."""
    if draft.owner_id is not None:
        yield draft.owner_id
    yield from (*draft.candidates.people, *draft.co_workers, *draft.observers)


def check_draft(draft: TaskDraft, actor: Actor, sight: Sight) -> tuple[TaskDraft, int | None]:
    """The draft with clean words and an owner or candidates, and the type of its record; raises Invalid."""
    faults = Faults()
    draft = replace(
        draft,
        title=check_title(draft.title, faults),
        text=check_text(draft.text, "text", faults),
        due_at=check_moment(draft.due_at, faults),
        checklist=check_items(draft.checklist, faults),
    )
    if draft.kind not in Task.Kind.values:
        faults.add("kind", "unknown", _("There is no such kind of task."))
    if draft.repetition is not None and draft.due_field:
        faults.add("due_field", "unfit", NOT_BOTH)
    else:
        check_repetition(draft.repetition, draft.due_at, faults)
    check_priority(draft.priority, faults)
    check_estimate(draft.estimate_minutes, faults)
    if draft.owner_id is None and not draft.candidates:
        if actor.id is None:
            faults.add("owner", "required", _("Say who is to do it."))
        draft = replace(draft, owner_id=actor.id)
    seen_id = draft.record_id if sight.sees(actor, draft.record_id) else None
    if draft.record_id != seen_id:
        faults.add("record", "unknown", _("There is no such record."))
    check_holders(draft.candidates, faults)
    named = {
        "owner": [draft.owner_id] if draft.owner_id else [],
        "candidates": draft.candidates.people,
        "co_workers": draft.co_workers,
        "observers": draft.observers,
    }
    for field, ids in named.items():
        check_people(sight, ids, field, seen_id, faults)
    faults.refuse()
    return draft, sight.places[seen_id].type_id if seen_id is not None else None


def check_holders(holders: Holders, faults: Faults) -> None:
    """Roles and departments are in use."""
    if holders.roles and set(holders.roles) - {role.pk for role in list_roles()}:
        faults.add("candidates", "unknown_role", _("There is no such role."))
    if holders.departments and set(holders.departments) - {each.pk for each in list_departments()}:
        faults.add("candidates", "unknown_department", _("There is no such department."))


def check_title(raw: str, faults: Faults) -> str:
    title = " ".join(clean(raw).split())
    if not title:
        faults.add("title", "required", _("Say what is to be done."))
    if len(title) > MAX_TITLE:
        faults.add("title", "too_long", _("Write at most %s characters.") % MAX_TITLE)
    return title


def check_text(raw: str, field: str, faults: Faults) -> str:
    text = clean(raw).strip()
    if len(text) > MAX_TEXT:
        faults.add(field, "too_long", _("Write at most %s characters.") % MAX_TEXT)
    return text


def check_items(raw: Sequence[str], faults: Faults) -> list[str]:
    """Items with clean words, each once, without empty ones."""
    texts = list(dict.fromkeys(text for each in raw if (text := " ".join(clean(each).split()))))
    if len(texts) > MAX_ITEMS:
        faults.add("checklist", "too_many", _("At most %s items.") % MAX_ITEMS)
    if any(len(text) > MAX_ITEM for text in texts):
        faults.add("checklist", "too_long", _("Write at most %s characters.") % MAX_ITEM)
    return texts


def check_repetition(repetition: Repetition | None, due_at: object, faults: Faults) -> None:
    """What repeats has a moment to count from."""
    if repetition is not None and due_at is None:
        faults.add(
            "due", "required", _("Say when it is due for the first time: what repeats counts from there.")
        )


def check_priority(priority: str, faults: Faults) -> None:
    if priority not in Task.Priority.values:
        faults.add("priority", "unknown", _("There is no such priority."))


def check_estimate(minutes: int | None, faults: Faults) -> None:
    if minutes is not None and not 0 < minutes <= MAX_MINUTES:
        faults.add("estimate_minutes", "out_of_range", _("Give minutes, from 1 to %s.") % MAX_MINUTES)


def check_moment(moment: datetime | None, faults: Faults) -> datetime | None:
    """The moment in UTC; it must say its zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        faults.add("due", "no_zone", _("Give the moment with its time zone."))
        return None
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        faults.add("due", "out_of_range", _("This moment cannot be kept."))
        return None


def clean(raw: str) -> str:
    """Text without control characters, with plain line breaks."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or is_readable(each))


def is_readable(character: str) -> bool:
    return character.isprintable() or character == "\u00a0"


def unique(ids: Iterable[int]) -> list[int]:
    """The ids in their order, each once."""
    return list(dict.fromkeys(ids))
