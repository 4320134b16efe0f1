"""One way through the lines of a file, batch by batch; and what every batch leaves in the database."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.actions.locks import move_to
from trassa.imports.filling import Filling
from trassa.imports.matching import Matcher, Seen
from trassa.imports.models import Outcome, Run
from trassa.imports.queries.lookups import FileLookups
from trassa.imports.reading import open_source, opened_file, rows_below
from trassa.imports.rows import RowReader
from trassa.imports.sheets import Row
from trassa.imports.types import Duplicates, Fate, ImportRun, Return, RowOutcome, State, as_json
from trassa.kernel import NotFound, now
from trassa.records.actions.statements import Statements
from trassa.schema.types import Generation

#: Lines of one transaction.
BATCH = 500
#: Characters from which on a transaction takes no more lines.
LONGEST_BATCH = 2_000_000

#: Columns of a run that count the fates of its lines.
COUNTED = {
    Fate.CREATED: "created",
    Fate.UPDATED: "updated",
    Fate.DUPLICATE: "duplicates",
    Fate.REJECTED: "rejected",
    Fate.UNDECIDED: "undecided",
}

#: Columns of an outcome that people fill later.
_UNDECIDED = {"decision": "", "returned": Return.NONE.value, "kept_because": ""}


class Superseded(Exception):
    """Somebody stopped the run, or another job has dealt with these lines."""


@dataclass(slots=True)
class Passage:
    """A way through the file of a run, from a line on, as somebody."""

    run: ImportRun
    actor: Actor
    #: The last line that is done.
    cursor: int
    #: How many lines are done.
    done: int
    #: Where nothing is written: what earlier lines have claimed.
    seen: Seen | None = None
    lookups: FileLookups = field(init=False)

    def __post_init__(self) -> None:
        self.lookups = FileLookups(self.actor)

    def batches(self) -> Iterator[tuple[list[Row], float]]:
        """The lines behind the cursor, with the share of the file that has been read then."""
        with opened_file(self.run, self.actor) as (file, stream):
            sheet = open_source(stream, file, self.run.source)
            for rows in batched(rows_below(sheet, self.run.source, self.cursor)):
                yield rows, sheet.done()

    def move(self, rows: Sequence[Row]) -> int:
        """Note that these lines are done; says how many there are now."""
        self.cursor, self.done = rows[-1].line, self.done + len(rows)
        return self.done

    def filling(self, generation: Generation, strategy: Duplicates | None = None) -> Filling:
        """What lines are written with, by the schema and the rights of this moment."""
        run = self.run
        spec = generation.types_by_id.get(run.type_id)
        if spec is None:
            raise NotFound(_("There is no such type of record."))
        return Filling(
            spec=spec,
            reader=RowReader(
                spec,
                generation,
                run.columns,
                constants=run.options.constants,
                actor=self.actor,
                lookups=self.lookups,
            ),
            matcher=Matcher(spec, self.actor, run.options.keys),
            actor=self.actor,
            cause={"kind": "import", "import": run.id, "file": run.file_name},
            strategy=strategy or run.options.duplicates,
            robots=run.options.robots.value,
            seen=self.seen,
        )


def batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The lines of one transaction each: BATCH of them, fewer when they are long."""
    group: list[Row] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(map(len, row.cells))
        if len(group) == BATCH or characters > LONGEST_BATCH:
            yield group
            group, characters = [], 0
    if group:
        yield group


def lock_working(id: int, state: State, cursor: int) -> Run:
    """The row of a run that is in this state at this line; raises Superseded."""
    row = Run.objects.select_for_update().get(id=id)
    if row.state != state or row.cursor != cursor:
        raise Superseded
    return row


def store_outcomes(run_id: int, outcomes: Iterable[RowOutcome]) -> None:
    """Keep what became of lines."""
    statements = Statements()
    statements.insert(
        Outcome._meta.db_table,
        ("run_id", "line", "fate", "record_id", "version", "reasons", "cells", "candidates", *_UNDECIDED),
        [
            (
                run_id,
                each.line,
                each.fate.value,
                each.record_id,
                each.version,
                [as_json(reason) for reason in each.reasons] or None,
                list(each.cells) or None,
                list(each.candidates) or None,
                *_UNDECIDED.values(),
            )
            for each in outcomes
        ],
    )
    statements.run()


def advance(row: Run, line: int, share: float, outcomes: Iterable[RowOutcome]) -> None:
    """Move the cursor of a locked run and count what became of the lines."""
    row.cursor, row.share, row.attempts, row.touched_at = line, share, 0, now()
    for each in outcomes:
        name = COUNTED[each.fate]
        setattr(row, name, getattr(row, name) + 1)
    row.save(update_fields=["cursor", "share", "attempts", "touched_at", *COUNTED.values()])


def finish(id: int, state: State, following: State, *, actor_id: int | None, cursor: int) -> None:
    """Bring a run whose lines are all done into the state that follows; raises Superseded."""
    with transaction.atomic():
        row = lock_working(id, state, cursor)
        row.share = 1
        row.save(update_fields=["share"])
        move_to(row, following, actor_id, finished_at=now())
