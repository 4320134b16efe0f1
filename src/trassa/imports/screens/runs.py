"""One import in words, as it stands in the list and above its own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from trassa.imports.queries.subjects import find_type
from trassa.imports.types import Counts, ImportRun, State
from trassa.people.queries import names_of
from trassa.ui import number

#: What a state is called, and its tone.
STATES: Mapping[State, tuple[str | Promise, str]] = {
    State.NEW: (pgettext_lazy("an import", "not started"), ""),
    State.CHECKING: (pgettext_lazy("an import", "being tried"), "accent"),
    State.CHECKED: (pgettext_lazy("an import", "tried"), ""),
    State.IMPORTING: (pgettext_lazy("an import", "in progress"), "accent"),
    State.DECIDING: (pgettext_lazy("an import", "in progress"), "accent"),
    State.DONE: (pgettext_lazy("an import", "done"), "ok"),
    State.CANCELLED: (pgettext_lazy("an import", "stopped"), "warn"),
    State.FAILED: (pgettext_lazy("an import", "broken off"), "bad"),
    State.UNDOING: (pgettext_lazy("an import", "being taken back"), "accent"),
    State.UNDONE: (pgettext_lazy("an import", "taken back"), "warn"),
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """Which file went where, how it stands, and who sent it when."""

    id: int
    url: str
    file: str
    type: str
    state: str
    tone: str
    counts: str
    person: str
    person_id: int | None
    at: datetime


def make_lines(runs: Sequence[ImportRun]) -> list[RunLine]:
    people = names_of(run.person_id for run in runs if run.person_id is not None)
    return [make_line(run, people) for run in runs]


def make_line(run: ImportRun, people: Mapping[int, str]) -> RunLine:
    spec = find_type(run)
    words, tone = STATES[run.state]
    if run.state is State.DONE and run.counts.undecided:
        words, tone = pgettext("an import", "waits for decisions"), "warn"
    return RunLine(
        id=run.id,
        url=reverse("imports:run", args=[run.id]),
        file=run.file_name,
        type=str(spec.plural) if spec else "",
        state=str(words),
        tone=tone,
        counts=counts_in_words(run.counts) if run.state not in (State.CHECKING, State.CHECKED) else "",
        person=people.get(run.person_id or 0, ""),
        person_id=run.person_id,
        at=run.created_at,
    )


def counts_in_words(counts: Counts) -> str:
    """ "created 1 200 · duplicates 12": what there is any of."""
    parts = (
        (counts.created, _("created %s")),
        (counts.updated, _("updated %s")),
        (counts.duplicates, _("duplicates %s")),
        (counts.undecided, _("to decide %s")),
        (counts.rejected, _("rejected %s")),
    )
    return " · ".join(words % number(count) for count, words in parts if count)
