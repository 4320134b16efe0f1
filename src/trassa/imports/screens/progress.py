"""A run at work: how far it is, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.imports.screens.runs import counts_in_words
from trassa.imports.types import ImportRun, State
from trassa.ui import number

TITLES: Mapping[State, str | Promise] = {
    State.CHECKING: gettext_lazy("Trying the file; nothing is written"),
    State.IMPORTING: gettext_lazy("Importing"),
    State.DECIDING: gettext_lazy("Writing what was decided"),
    State.UNDOING: gettext_lazy("Taking the import back"),
}
#: Parts of a file that a bar tells apart.
STEPS = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """What a bar shows; without a total nobody knows how much there is."""

    title: str
    done: int
    total: int | None
    note: str
    poll_url: str
    #: Where it can be stopped; "" where stopping would leave a half.
    cancel_url: str


def make_progress(run: ImportRun) -> Progress:
    done, total = how_far(run)
    stoppable = run.state in (State.CHECKING, State.IMPORTING)
    return Progress(
        title=str(TITLES[run.state]),
        done=done,
        total=total,
        note=note_of(run),
        poll_url=reverse("imports:run", args=[run.id]),
        cancel_url=reverse("imports:cancel", args=[run.id]) if stoppable else "",
    )


def how_far(run: ImportRun) -> tuple[int, int | None]:
    if run.state is State.DECIDING:
        return 0, None
    if run.state is State.UNDOING:
        return run.returned + run.kept, max(run.counts.created + run.counts.updated, 1)
    return round(run.share * STEPS), STEPS


def note_of(run: ImportRun) -> str:
    if run.state is State.DECIDING:
        return _("%s left") % number(run.counts.undecided)
    if run.state is State.UNDOING:
        return _("records taken back: %s") % number(run.returned)
    if not run.counts.total:
        return _("waiting for its turn")
    lines = _("%s lines") % number(run.counts.total)
    return f"{lines}: {counts_in_words(run.counts)}"
