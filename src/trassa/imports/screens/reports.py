"""What became of the lines of an import, or would become of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.queries.runs import PAGE, ignored_headings, list_kept, list_outcomes
from trassa.imports.queries.subjects import find_type
from trassa.imports.rows import reasons_in_words
from trassa.imports.types import STOPPED, Fate, ImportRun, RowOutcome, State
from trassa.records.queries import titles_in, visible_titles
from trassa.ui import number

#: Stands in addresses for the lines whose records undoing has left.
KEPT = "kept"
#: What is most worth looking at comes first.
_ORDER = (Fate.UNDECIDED, Fate.REJECTED, Fate.DUPLICATE, Fate.UPDATED, Fate.CREATED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines met a fate; `url` shows them, "" where they are not kept."""

    label: str
    count: str
    tone: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One line of the file: its record where there is one, why it is so, and what the line said."""

    line: int
    title: str
    url: str
    why: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class OutcomeLines:
    """A page of lines, and where the next one is."""

    lines: Sequence[OutcomeLine]
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the page of an import that does not work."""

    is_check: bool
    notice: str
    tone: str
    tallies: Sequence[Tally]
    lines: OutcomeLines
    ignored: Sequence[str]
    #: Addresses; "" for what cannot be done now.
    start_url: str
    #: Whether starting goes on where it was stopped.
    goes_on: bool
    setup_url: str
    errors_urls: Sequence[tuple[str, str]]
    mended_url: str
    #: Where lines wait for a decision, and how many.
    undecided_url: str
    undecided: str
    undo_url: str
    list_url: str


def make_report(run: ImportRun, actor: Actor, wanted: str) -> Report:
    """`wanted` is the fate whose lines are shown; "" shows those most worth looking at."""
    shown = wanted or first_fate(run)
    spec, url = find_type(run), reverse("imports:run", args=[run.id])
    is_check = run.state is State.CHECKED
    notice, tone = notice_of(run)
    start = reverse("imports:start", args=[run.id])
    return Report(
        is_check=is_check,
        notice=notice,
        tone=tone,
        tallies=make_tallies(run, shown),
        lines=list_lines(run, actor, shown),
        ignored=ignored_headings(run),
        start_url=start if is_check or run.state in (State.CANCELLED, State.FAILED) else "",
        goes_on=not is_check,
        setup_url=f"{url}?setup" if is_check else "",
        errors_urls=error_files(run),
        mended_url=reverse("imports:mended", args=[run.id]) if run.counts.rejected and not is_check else "",
        undecided_url=undecided_url(run),
        undecided=number(run.counts.undecided),
        undo_url=reverse("imports:undo", args=[run.id]) if run.is_undoable else "",
        list_url=reverse("records:list", args=[spec.code]) if spec else "",
    )


def notice_of(run: ImportRun) -> tuple[str, str]:
    """What is to be said first, and its tone."""
    if run.error:
        return run.error, "bad"
    if run.state is State.CHECKED:
        if run.counts.rejected:
            return _("Nothing has been written yet. Rejected lines will go into a file to be mended."), "warn"
        return _("Nothing has been written yet. Every line is in order."), "ok"
    if run.state is State.CANCELLED:
        message = _("Stopped behind line %s. What came in is there; the rest can follow.")
        return message % number(run.cursor), "warn"
    if run.state is State.UNDONE:
        return undone_in_words(run), "ok" if not run.kept else "warn"
    return "", ""


def undone_in_words(run: ImportRun) -> str:
    words = _("The import was taken back. Records returned to what they were: %s.") % number(run.returned)
    if run.kept:
        words += " " + _("Left as they are, because they were changed since: %s.") % number(run.kept)
    return words


def undecided_url(run: ImportRun) -> str:
    if run.state not in STOPPED or not run.counts.undecided or run.forgotten_at is not None:
        return ""
    return reverse("imports:undecided", args=[run.id])


def error_files(run: ImportRun) -> list[tuple[str, str]]:
    if not run.counts.rejected or run.forgotten_at is not None:
        return []
    return [
        (name, reverse("imports:errors", args=[run.id, format]))
        for name, format in (("XLSX", "xlsx"), ("CSV", "csv"))
    ]


def counted(run: ImportRun) -> dict[str, int]:
    counts = run.counts
    return {
        Fate.CREATED.value: counts.created,
        Fate.UPDATED.value: counts.updated,
        Fate.DUPLICATE.value: counts.duplicates,
        Fate.UNDECIDED.value: counts.undecided,
        Fate.REJECTED.value: counts.rejected,
        KEPT: run.kept,
    }


def first_fate(run: ImportRun) -> str:
    """The fate whose lines are shown first."""
    if run.state is State.UNDONE and run.kept:
        return KEPT
    counts = counted(run)
    return next((fate.value for fate in _ORDER if counts[fate.value] and is_listed(run, fate.value)), "")


def is_listed(run: ImportRun, fate: str) -> bool:
    """Whether lines of this fate are kept: a check keeps none of those that would become records."""
    return run.forgotten_at is None and not (run.state is State.CHECKED and fate == Fate.CREATED)


def make_tallies(run: ImportRun, shown: str) -> list[Tally]:
    url, counts = reverse("imports:run", args=[run.id]), counted(run)
    will = run.state is State.CHECKED
    labels = (
        (Fate.CREATED.value, _("Will be created") if will else _("Created"), "ok"),
        (Fate.UPDATED.value, _("Will be updated") if will else _("Updated"), "ok"),
        (Fate.DUPLICATE.value, _("Duplicates"), ""),
        (Fate.UNDECIDED.value, _("To decide"), "warn"),
        (Fate.REJECTED.value, _("Will be rejected") if will else _("Rejected"), "bad"),
        (KEPT, _("Left as they are"), "warn"),
    )
    always = (Fate.CREATED.value, Fate.REJECTED.value)
    return [
        Tally(
            label=label,
            count=number(counts[fate]),
            tone=tone if counts[fate] else "",
            url=f"{url}?fate={fate}" if counts[fate] and is_listed(run, fate) else "",
            active=fate == shown,
        )
        for fate, label, tone in labels
        if counts[fate] or fate in always
    ]


def list_lines(run: ImportRun, actor: Actor, fate: str, after: int = 0) -> OutcomeLines:
    """A page of lines of one fate."""
    if fate == KEPT:
        found = list_kept(run, after=after, limit=PAGE + 1)
    elif fate in (each.value for each in Fate):
        found = list_outcomes(run, [Fate(fate)], after=after, limit=PAGE + 1)
    else:
        found = []
    page = found[:PAGE]
    more = (
        f"{reverse('imports:rows', args=[run.id])}?fate={fate}&after={page[-1].line}"
        if len(found) > PAGE
        else ""
    )
    return OutcomeLines(make_outcome_lines(run, actor, page), more)


def make_outcome_lines(run: ImportRun, actor: Actor, outcomes: Sequence[RowOutcome]) -> list[OutcomeLine]:
    spec = find_type(run)
    if spec is None:
        return []
    ids = {each.record_id for each in outcomes if each.record_id is not None}
    titles = titles_in(visible_titles(actor, {spec.id: ids}))
    return [
        OutcomeLine(
            line=each.line,
            title=titles.get(each.record_id or 0, ""),
            url=reverse("records:card", args=[spec.code, each.record_id]) if each.record_id in titles else "",
            why=each.kept_because or reasons_in_words(each.reasons, spec),
            cells=[cell for cell in each.cells if cell],
        )
        for each in outcomes
    ]
