"""Writes a batch of lines: decides for each what it means, and carries out what follows from that.

The same code imports, tries (nothing is written) and carries out decisions; the caller has the transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.matching import NO_MATCH, Match, Matcher, Seen
from trassa.imports.rows import Draft, RowReader, reasons_of
from trassa.imports.sheets import Row
from trassa.imports.types import Decision, Duplicates, Fate, How, Reason, RowOutcome
from trassa.kernel import Conflict, Invalid, TrassaError
from trassa.records.actions.write import Hooks, check_records, write_records
from trassa.records.queries import list_records
from trassa.records.types import Change, Filter, ListQuery, Outcome, Record, Write
from trassa.schema.types import TypeSpec

#: A record that others keep changing while it is filled is given up after so many tries.
_TRIES = 3


@dataclass(slots=True)
class Filling:
    """What a batch of lines is written with."""

    spec: TypeSpec
    reader: RowReader
    matcher: Matcher
    actor: Actor
    cause: Mapping[str, Any]
    strategy: Duplicates
    robots: Hooks
    #: Where nothing is to be written: what earlier lines have claimed.
    seen: Seen | None = None
    #: What people have decided about lines.
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)

    def fill(self, rows: Sequence[Row]) -> list[RowOutcome]:
        """What became of each line, in their order."""
        self.reader.load_links(rows)
        outcomes: dict[int, RowOutcome] = {}
        drafts: list[Draft] = []
        for row in rows:
            try:
                drafts.append(self.reader.read(row))
            except Invalid as error:
                outcomes[row.line] = rejected(row, reasons_of(error))
        while drafts:
            drafts = self._fill_wave(drafts, outcomes)
        return [outcomes[row.line] for row in rows]

    def _fill_wave(self, drafts: Sequence[Draft], outcomes: dict[int, RowOutcome]) -> list[Draft]:
        """Write the lines that no line before them may mean too; gives those that wait for it.

        Every wave settles its first line, so there is an end.
        """
        wave = _Wave(self)
        matches = [
            self._decided(draft, match)
            for draft, match in zip(drafts, self.matcher.match(drafts), strict=True)
        ]
        records = self._read_records(matches)
        for draft, match in zip(drafts, matches, strict=True):
            wave.take(draft, match, records)
        waiting = wave.carry_out()
        outcomes |= wave.outcomes
        return [draft for draft in drafts if draft.row.line in waiting]

    def strategy_of(self, line: int) -> Duplicates:
        """What becomes of this line if its record is there already."""
        decision = self.decisions.get(line)
        return self.strategy if decision is None else decision.strategy

    def _decided(self, draft: Draft, match: Match) -> Match:
        """The record that somebody says a line means."""
        decision = self.decisions.get(draft.row.line)
        if decision is None:
            return match
        if decision.how is How.CREATE:
            return NO_MATCH
        return match.choose(decision.record_id)

    def _read_records(self, matches: Iterable[Match]) -> dict[int, Record]:
        """The records that lines mean, where their present values matter."""
        if self.strategy in (Duplicates.SKIP, Duplicates.ASK) and not self.decisions:
            return {}
        ids = {match.ids[0] for match in matches if match and match.is_clear}
        if not ids:
            return {}
        query = ListQuery(filters=[Filter("id", "in", ",".join(map(str, ids)))], limit=len(ids))
        codes = [field.code for field in self.reader.fields]
        return {
            record.id: record for record in list_records(self.actor, self.spec, query, fields=codes).items
        }

    def carry_out(self, writes: Sequence[Write]) -> list[Outcome]:
        """Write (or only check) these records; each carries its own error."""
        if self.seen is not None:
            return check_records(writes, actor=self.actor, cause=self.cause)
        return write_apart(
            writes,
            lambda part: write_records(
                part, actor=self.actor, cause=self.cause, atomic=False, hooks=self.robots
            ),
        )


def write_apart(writes: Sequence[Write], write: Callable[[Sequence[Write]], list[Outcome]]) -> list[Outcome]:
    """Write all together; when something stops the whole batch, one by one, so that it stops only its own.

    A robot that refuses does that, and a unique value that somebody takes at the same moment.
    """
    try:
        with transaction.atomic():
            return write(writes)
    except TrassaError as error:
        if len(writes) == 1:
            return [Outcome(id=writes[0].id, error=error)]
    return [outcome for single in writes for outcome in write_apart([single], write)]


class _Wave:
    """Lines that are written together: no two of them mean the same."""

    def __init__(self, filling: Filling) -> None:
        self.outcomes: dict[int, RowOutcome] = {}
        self._filling = filling
        self._writes: dict[int, tuple[Draft, Write, Record | None]] = {}
        self._waiting: set[int] = set()
        self._marks: set[Any] = set()
        self._ids: set[int] = set()

    def take(self, draft: Draft, match: Match, records: Mapping[int, Record]) -> None:
        """Settle a line at once, plan its write, or let it wait for a line before it."""
        filling, line = self._filling, draft.row.line
        marks = filling.matcher.marks(draft)
        if marks & self._marks or (match and match.ids[0] in self._ids):
            self._waiting.add(line)
            # Whoever means the same as this line waits as well, so that lines keep their order.
            self._marks |= marks
            return
        decided = self._decide(draft, match, records)
        if isinstance(decided, RowOutcome):
            self.outcomes[line] = decided
            return
        self._writes[line] = (draft, decided, records.get(match.ids[0]) if match else None)
        self._marks |= marks
        self._ids |= set(match.ids[:1])

    def _decide(self, draft: Draft, match: Match, records: Mapping[int, Record]) -> RowOutcome | Write:
        if not match:
            return self._fresh(draft)
        strategy = self._filling.strategy_of(draft.row.line)
        if strategy is Duplicates.SKIP:
            return duplicate(draft, match)
        if strategy is Duplicates.ASK:
            return RowOutcome(draft.row.line, Fate.UNDECIDED, cells=draft.row.cells, candidates=match.ids)
        if not match.is_clear:
            return ambiguous(draft, match)
        return self._update(draft, match, records.get(match.ids[0]))

    def _fresh(self, draft: Draft) -> RowOutcome | Write:
        """A line that means no record, or one that would be there by now if anything had been written."""
        filling = self._filling
        earlier = filling.seen.find_same(filling.matcher.marks(draft)) if filling.seen is not None else None
        if earlier is not None:
            return same_as_earlier(draft, earlier, filling.strategy)
        return creation(draft, filling.spec)

    def _update(self, draft: Draft, match: Match, record: Record | None) -> RowOutcome | Write:
        if record is None:
            return rejected(draft.row, [Reason("", "not_found", _("The record is not there any more."))])
        only_empty = self._filling.strategy_of(draft.row.line) is Duplicates.FILL
        write = update_of(draft, record, self._filling.spec, only_empty=only_empty)
        return write or duplicate(draft, match, _("There is nothing to fill in."))

    def carry_out(self) -> set[int]:
        """Write what was planned; gives the lines that have to be looked at once more."""
        planned = list(self._writes.items())
        outcomes = self._filling.carry_out([write for _line, (_draft, write, _record) in planned])
        for (line, (draft, write, record)), outcome in zip(planned, outcomes, strict=True):
            if is_stale(outcome) and self._try_again(line):
                self._waiting.add(line)
                continue
            self.outcomes[line] = self._settled(draft, write, record, outcome)
        return self._waiting

    def _try_again(self, line: int) -> bool:
        tries = self._filling.tries
        tries[line] = tries.get(line, 0) + 1
        return tries[line] < _TRIES

    def _settled(self, draft: Draft, write: Write, record: Record | None, outcome: Outcome) -> RowOutcome:
        """What became of a line that was written (or checked)."""
        line, seen, matcher = draft.row.line, self._filling.seen, self._filling.matcher
        if outcome.error is not None:
            return rejected(draft.row, reasons_of(outcome.error))
        if seen is not None:
            values = matcher.unique_values(draft)
            taken = seen.find_taken(values) if record is None else None
            if taken is not None:
                message = _("Line %s has the same value, which no two records may share.") % taken[1]
                return rejected(draft.row, [Reason(taken[0], "not_unique", message)])
            seen.add(line, matcher.marks(draft), values)
        if record is None:
            return RowOutcome(line, Fate.CREATED, outcome.id, outcome.version)
        if seen is None and outcome.version == record.version:
            match = Match((record.id,), (record.title,))
            return duplicate(draft, match, _("The record has the same values already."))
        return RowOutcome(line, Fate.UPDATED, record.id, outcome.version)


def is_stale(outcome: Outcome) -> bool:
    """Whether somebody changed the record between reading and writing."""
    return isinstance(outcome.error, Conflict)


def creation(draft: Draft, spec: TypeSpec) -> Write:
    return Write(
        Change.CREATE,
        spec.code,
        fields=draft.values,
        owner=draft.owner,
        pipeline=draft.pipeline,
        stage=draft.stage,
    )


def update_of(draft: Draft, record: Record, spec: TypeSpec, *, only_empty: bool) -> Write | None:
    """The write that gives a record what a line says; None when there is nothing to give.

    An empty cell says nothing. With `only_empty` values that are there stay, and so does the stage.
    """
    values = draft.values
    if only_empty:
        values = {code: value for code, value in values.items() if is_empty(record, code)}
    owner = draft.owner if draft.owner != record.owner_id else None
    if only_empty and record.owner_id is not None:
        owner = None
    pipeline, stage = (None, None) if only_empty else new_place(draft, record, spec)
    if not values and owner is None and stage is None:
        return None
    return Write(
        Change.EDIT if stage is None else Change.MOVE,
        spec.code,
        id=record.id,
        version=record.version,
        fields=values,
        owner=owner,
        pipeline=pipeline,
        stage=stage,
    )


def is_empty(record: Record, code: str) -> bool:
    value = record.values.get(code)
    return value is None or value in ("", [], ())


def new_place(draft: Draft, record: Record, spec: TypeSpec) -> tuple[str | None, str | None]:
    """The stage that a line names, unless the record is there already."""
    if draft.stage is None or draft.pipeline is None:
        return None, None
    pipeline = spec.find_pipeline(record.pipeline_id)
    stages = pipeline.stages if pipeline else ()
    present = next((stage.code for stage in stages if stage.id == record.stage_id), None)
    if pipeline is not None and (pipeline.code, present) == (draft.pipeline, draft.stage):
        return None, None
    return draft.pipeline, draft.stage


def rejected(row: Row, reasons: Sequence[Reason]) -> RowOutcome:
    return RowOutcome(row.line, Fate.REJECTED, reasons=reasons, cells=row.cells)


def duplicate(draft: Draft, match: Match, why: str = "") -> RowOutcome:
    """A line whose record is there, and stays as it is."""
    message = why or _("There is such a record: %s.") % (match.titles[0] or match.ids[0])
    return RowOutcome(
        draft.row.line,
        Fate.DUPLICATE,
        record_id=match.ids[0],
        reasons=[Reason("", "duplicate", message)],
        cells=draft.row.cells,
        candidates=match.ids,
    )


def ambiguous(draft: Draft, match: Match) -> RowOutcome:
    """A line that fits several records equally well."""
    names = ", ".join(f"“{title}”" for title in match.titles)
    message = _("The line fits several records: %s. Choose other fields to tell them apart.") % names
    return RowOutcome(
        draft.row.line,
        Fate.REJECTED,
        reasons=[Reason("", "ambiguous", message)],
        cells=draft.row.cells,
        candidates=match.ids,
    )


def same_as_earlier(draft: Draft, line: int, strategy: Duplicates) -> RowOutcome:
    """What a line will become whose record an earlier line of the file makes."""
    fates = {Duplicates.SKIP: Fate.DUPLICATE, Duplicates.ASK: Fate.UNDECIDED}
    message = _("Line %s of the file means the same.") % line
    return RowOutcome(
        draft.row.line,
        fates.get(strategy, Fate.UPDATED),
        reasons=[Reason("", "duplicate", message)],
        cells=draft.row.cells,
    )
