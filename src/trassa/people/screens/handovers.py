"""Handing over: the form, what it would do, and what became of it, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from trassa.people.models import HandOver
from trassa.people.queries import names_of
from trassa.people.registries import Assignment, WorkPart
from trassa.ui import date_exact, date_short, read_id

#: Values of the choice of who gets a part, beside ids of people.
BY_SHARES, STAYS = "", "stays"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who takes over, with their share as it was typed."""

    id: int
    name: str
    share: str = "1"


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the work, whom it goes to, and of it what a condition finds, whom that goes to."""

    key: str
    label: str
    count: int
    url: str
    type: str
    chosen: bool
    whom: str = BY_SHARES
    where: str = ""
    where_whom: str = BY_SHARES


@dataclass(frozen=True, slots=True)
class HandOverForm:
    """What the page says so far."""

    receivers: Sequence[Receiver]
    parts: Sequence[PartRow]

    @property
    def shares(self) -> dict[int, int]:
        return {each.id: read_id(each.share) or 0 for each in self.receivers}

    def assignments(self) -> list[Assignment]:
        """The order, conditions first."""
        found = []
        for row in self.parts:
            if not row.chosen:
                continue
            if row.where.strip() and row.where_whom != STAYS:
                found.append(Assignment(row.key, self._shares_of(row.where_whom), row.where))
            if row.whom != STAYS:
                found.append(Assignment(row.key, self._shares_of(row.whom)))
        return found

    def _shares_of(self, whom: str) -> dict[int, int]:
        person = read_id(whom)
        return {person: 1} if person in self.shares else self.shares


def read_form(asked: QueryDict, work: Mapping[str, WorkPart]) -> HandOverForm:
    """The form as it was sent; as it begins when nothing was."""
    typed = zip(asked.getlist("to"), asked.getlist("share"), strict=False)
    shares = {id: share for to, share in typed if (id := read_id(to)) is not None}
    names = names_of(shares)
    receivers = [Receiver(id, names.get(id, ""), share) for id, share in shares.items() if id in names]
    is_sent = "sent" in asked
    chosen = set(asked.getlist("part"))
    rows = [
        PartRow(
            key=key,
            label=str(part.label),
            count=part.count,
            url=part.url,
            type=part.type,
            chosen=key in chosen if is_sent else part.is_usual,
            whom=asked.get(f"whom:{key}", BY_SHARES),
            where=asked.get(f"where:{key}", ""),
            where_whom=asked.get(f"where_whom:{key}", BY_SHARES),
        )
        for key, part in work.items()
    ]
    return HandOverForm(receivers, rows)


@dataclass(frozen=True, slots=True)
class PartResult:
    """What became of one part: name → count, and what stayed with the reasons."""

    label: str
    given: Sequence[tuple[str, int]]
    left: Sequence[tuple[int, str, str]]


def view_results(results: Mapping[str, Any], labels: Mapping[str, str]) -> list[PartResult]:
    """What became of the parts, from what a hand-over keeps (`actions.handovers.as_json`)."""
    names = names_of(
        int(id) for each in results.values() for counts in each["given"].values() for id in counts
    )
    found = []
    for source, each in results.items():
        for part in dict.fromkeys([*each["given"], *(left["part"] for left in each["left"])]):
            counts = each["given"].get(part, {})
            given = [(names.get(int(id), ""), count) for id, count in counts.items()]
            left = [
                (one["count"], one["reason"], ", ".join(one["names"]))
                for one in each["left"]
                if one["part"] == part
            ]
            found.append(PartResult(labels.get(f"{source}:{part}", ""), given, left))
    return found


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A hand-over as lists and its page show it."""

    id: int
    person: str
    who: str
    at: str
    at_exact: str
    state: str
    words: str
    moved: int
    left: int
    problem: str


def view_line(row: HandOver) -> HandOverLine:
    """One hand-over in words."""
    shown = row.undone if row.state == HandOver.State.UNDONE else row.result
    given = [counts for each in shown.values() for counts in each["given"].values()]
    moved = sum(count for counts in given for count in counts.values())
    left = sum(one["count"] for each in shown.values() for one in each["left"])
    words = {
        HandOver.State.ORDERED: _("Being handed over"),
        HandOver.State.DONE: _("Handed over: %(count)s"),
        HandOver.State.FAILED: _("Not handed over"),
        HandOver.State.UNDOING: _("Being given back"),
        HandOver.State.UNDONE: _("Given back: %(count)s"),
    }[HandOver.State(row.state)]
    return HandOverLine(
        id=row.id,
        person=row.person.name,
        who=row.actor.name if row.actor else _("Trassa"),
        at=date_short(row.created_at),
        at_exact=date_exact(row.created_at),
        state=row.state,
        words=words % {"count": moved} if "%" in words else words,
        moved=moved,
        left=left,
        problem=row.problem,
    )
