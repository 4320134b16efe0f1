"""What happened to tasks, in words, with the names of everybody concerned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from trassa.journal import Entry, Json
from trassa.people.queries import department_names, list_roles, names_of
from trassa.schema.types import TypeSpec
from trassa.ui import date_short
from trassa.work.actions.following import MOVED
from trassa.work.screens.due_dates import due_happened
from trassa.work.types import TaskLine

OUTCOME_WORDS = {
    "done": pgettext_lazy("outcome of a task", "Done"),
    "reached": pgettext_lazy("outcome of a call", "Reached"),
    "not_reached": pgettext_lazy("outcome of a call", "Not reached"),
    "held": pgettext_lazy("outcome of a meeting", "Took place"),
    "not_held": pgettext_lazy("outcome of a meeting", "Did not take place"),
    "filled": pgettext_lazy("outcome of a task", "Filled in"),
    "acknowledged": pgettext_lazy("outcome of a task", "Acknowledged"),
    "approved": pgettext_lazy("outcome of an approval", "Approved"),
    "returned": pgettext_lazy("outcome of an approval", "Returned for rework"),
    "rejected": pgettext_lazy("outcome of an approval", "Rejected"),
    "uploaded": pgettext_lazy("outcome of a task", "Uploaded"),
}
_DID = {
    "created": gettext_lazy("gave the task"),
    "taken": gettext_lazy("took it"),
    "released": gettext_lazy("gave it back"),
    "delegated": gettext_lazy("passed it on"),
    "changed": gettext_lazy("changed it"),
    "snoozed": gettext_lazy("put it off"),
    "done": gettext_lazy("ended it"),
    "cancelled": gettext_lazy("cancelled it"),
    "reopened": gettext_lazy("took it up again"),
    "series_ended": gettext_lazy("could not give the next one: nobody can be given it"),
    "attached": gettext_lazy("attached"),
    "detached": gettext_lazy("took away"),
    "ticked": gettext_lazy("ticked off"),
    "unticked": gettext_lazy("took the tick back"),
    MOVED: gettext_lazy("moved the due moment with its date"),
    "escalated": gettext_lazy("called in the head, as it is overdue"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of a task's history."""

    at: datetime
    name: str
    person_id: int | None
    words: str


class Names:
    """Names of everybody that some tasks mention, read together."""

    def __init__(self, lines: Iterable[TaskLine], entries: Iterable[Entry] = ()) -> None:
        found = list(lines)
        seats = [seat for line in found for seat in line.seats]
        people = {id for line in found for id in (line.owner_id, line.author_id, line.done_by_id) if id}
        people |= {item.done_by for line in found for item in line.checklist if item.done_by}
        people |= {seat.person_id for seat in seats if seat.person_id}
        for entry in entries:
            people |= {entry.actor_id} if entry.actor_id else set()
            owner = entry.changes.get("owner", (None, None))[1]
            people |= {owner} if isinstance(owner, int) else set()
        self.people = names_of(people)
        with_roles = any(seat.role_id for seat in seats)
        self.roles = {role.pk: str(role) for role in list_roles()} if with_roles else {}
        self.departments = department_names({seat.department_id for seat in seats if seat.department_id})

    def person(self, id: int | None) -> str:
        return self.people.get(id or 0, "")

    def holders(self, line: TaskLine, part: str) -> str:
        """Whoever has a part, in words."""
        held = line.holders(part)
        return ", ".join(
            [
                *(self.person(id) for id in held.people),
                *(self.roles[id] for id in held.roles if id in self.roles),
                *(self.departments[id] for id in held.departments if id in self.departments),
            ]
        )


def words_in(value: Json) -> set[str]:
    """What a list in history names."""
    return {str(each) for each in value} if isinstance(value, list) else set()


def happened_of(entry: Entry, names: Names, spec: TypeSpec | None = None) -> Happened:
    """A line of history in words, with what is worth saying of what changed."""
    words = [str(_DID.get(entry.kind, entry.kind))]
    after = {key: pair[1] for key, pair in entry.changes.items()}
    owner = after.get("owner")
    if entry.kind == "delegated" and isinstance(owner, int):
        words.append(names.person(owner))
    if entry.kind in ("changed", MOVED):
        words += due_happened(entry, spec)
    if entry.kind == "snoozed" and after.get("snoozed_until"):
        words.append(date_short(datetime.fromisoformat(str(after["snoozed_until"]))))
    if entry.kind in ("ticked", "unticked"):
        pair = entry.changes.get("ticked", (None, None))
        words += sorted(words_in(pair[0]) ^ words_in(pair[1]))
    if entry.kind in ("attached", "detached"):
        words += sorted(words_in(after.get("files")))
    if after.get("outcome"):
        words.append(str(OUTCOME_WORDS.get(str(after["outcome"]), "")).lower())
    if after.get("result"):
        words.append(pgettext("what somebody said", "“%(words)s”") % {"words": after["result"]})
    said = f"{words[0]}: {', '.join(words[1:])}" if words[1:] else words[0]
    return Happened(entry.at, names.person(entry.actor_id), entry.actor_id, said)
