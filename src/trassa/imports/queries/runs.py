"""Runs and their rows. People see their own imports; who may everything sees all."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.imports.columns import is_reason
from trassa.imports.models import Outcome, Run
from trassa.imports.types import (
    Column,
    Counts,
    Fate,
    ImportRun,
    Reason,
    Return,
    RowOutcome,
    SampleRow,
    State,
    columns_of,
    options_of,
    source_of,
)
from trassa.kernel import NotFound

PAGE = 50


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """The runs that this person may see."""
    return Run.objects.all() if actor.everything else runs_of(actor)


def runs_of(actor: Actor) -> QuerySet[Run]:
    """The runs of this person; of the command line where it is the system."""
    if actor.id is None:
        return Run.objects.filter(person__isnull=True)
    return Run.objects.filter(person_id=actor.id)


def get_run(actor: Actor, id: int) -> ImportRun:
    """A run that this person may see; raises NotFound."""
    row = visible_runs(actor).filter(id=id).first()
    if row is None:
        raise NotFound(_("There is no such import."))
    return run_of(row)


def list_runs(
    actor: Actor, *, type_id: int | None = None, before: int | None = None, limit: int = PAGE
) -> list[ImportRun]:
    """The newest runs first, those before a run when it is given."""
    rows = visible_runs(actor).order_by("-id")
    if type_id is not None:
        rows = rows.filter(type_id=type_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [run_of(row) for row in rows[:limit]]


def remembered_columns(actor: Actor, type_id: int, headings: str) -> tuple[Column, ...]:
    """What the columns of the last file with the same headings filled: one's own, else a colleague's."""
    same = {"type_id": type_id, "headings": headings, "started_at__isnull": False}
    row = runs_of(actor).filter(**same).order_by("-id").first()
    row = row or Run.objects.filter(**same).order_by("-id").first()
    return columns_of(row.columns) if row is not None else ()


def list_outcomes(
    run: ImportRun, fates: Iterable[Fate] = (), *, after: int = 0, limit: int | None = PAGE
) -> list[RowOutcome]:
    """Rows of a run by line, of all fates when none is named."""
    rows = Outcome.objects.filter(run_id=run.id, line__gt=after).order_by("line")
    if wanted := list(fates):
        rows = rows.filter(fate__in=wanted)
    return [outcome_of(row) for row in rows[:limit]]


def list_kept(run: ImportRun, *, after: int = 0, limit: int | None = PAGE) -> list[RowOutcome]:
    """Rows whose records undoing left as they are, wholly or in part."""
    rows = Outcome.objects.filter(run_id=run.id, line__gt=after, returned__in=[Return.KEPT, Return.PARTLY])
    return [outcome_of(row) for row in rows.order_by("line")[:limit]]


def ignored_headings(run: ImportRun) -> list[str]:
    """Headings of columns that fill nothing."""
    return [
        column.heading
        for column in run.columns
        if column.heading and not column.target and not is_reason(column.heading)
    ]


def run_of(row: Run) -> ImportRun:
    """A row of the table as other rooms know it."""
    return ImportRun(
        id=row.id,
        type_id=row.type_id,
        person_id=row.person_id,
        language=row.language,
        file_id=row.file_id,
        file_name=row.file_name,
        file_type=row.file_type,
        file_size=row.file_size,
        sheets=row.sheets,
        source=source_of(row.source),
        sample=[SampleRow(each["line"], tuple(each["cells"])) for each in row.sample],
        columns=columns_of(row.columns),
        options=options_of(row.options),
        state=State(row.state),
        cursor=row.cursor,
        share=row.share,
        counts=Counts(row.created, row.updated, row.duplicates, row.rejected, row.undecided),
        returned=row.returned,
        kept=row.kept,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        forgotten_at=row.forgotten_at,
    )


def outcome_of(row: Outcome) -> RowOutcome:
    return RowOutcome(
        line=row.line,
        fate=Fate(row.fate),
        record_id=row.record_id,
        version=row.version,
        reasons=reasons_in(row.reasons),
        cells=row.cells or (),
        candidates=row.candidates or (),
        returned=Return(row.returned),
        kept_because=row.kept_because,
    )


def reasons_in(data: Sequence[dict[str, str]] | None) -> list[Reason]:
    return [Reason(each["field"], each["code"], each["message"]) for each in data or ()]
