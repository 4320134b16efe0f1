"""Verification: reads all of history and all checkpoints once, in order, and names what is wrong.

Entries, heads and checkpointed heads come from server-side cursors sorted by stream, in one snapshot, so
memory does not grow with history. A fault is reported once: reading goes on from what is stored.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from trassa.journal.canonical import GENESIS, canonical_json, digest_change, entry_hash, entry_text
from trassa.journal.checkpoints import checkpoint_hash, head_line, stream_rows
from trassa.journal.history import open_salts
from trassa.journal.types import Stream

#: After so many problems the report only counts.
MAX_PROBLEMS = 1_000
_PROGRESS_ENTRIES = 10_000


class Fault(StrEnum):
    """What can be wrong."""

    #: The entry's content or hash is not what was written.
    ALTERED = "altered"
    #: Entries before others are gone, from this one on.
    MISSING = "missing"
    #: Entries at the end of a stream are gone, from this one on.
    CUT_OFF = "cut_off"
    #: The stream is gone as a whole.
    STREAM_MISSING = "stream_missing"
    #: An entry beyond the head of its stream.
    FORGED = "forged"
    #: Entry and hash fit together, but a checkpoint saw another one.
    REWRITTEN = "rewritten"
    #: The head is gone or does not fit the last entry.
    HEAD_ALTERED = "head_altered"
    CHECKPOINT_ALTERED = "checkpoint_altered"
    CHECKPOINT_MISSING = "checkpoint_missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; for a checkpoint `stream` is None and `seq` its number."""

    fault: Fault
    stream: Stream | None
    seq: int


@dataclass(slots=True)
class VerifyReport:
    """What was read and what is wrong with it; `found` counts problems beyond the first thousand too."""

    problems: list[Problem] = field(default_factory=list)
    found: int = 0
    entries: int = 0
    streams: int = 0
    checkpoints: int = 0

    @property
    def is_clean(self) -> bool:
        return self.found == 0

    def add(self, fault: Fault, stream: Stream | None, seq: int) -> None:
        self.found += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(fault, stream, seq))


Progress = Callable[[int], None]


def verify(
    *,
    stream: Stream | None = None,
    anchors: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> VerifyReport:
    """Check the chains of one stream or of everything, with the checkpoints.

    `anchors` are hashes of checkpoints kept outside, by number. `progress` is called with the number of
    entries read so far. Reads one snapshot; inside a transaction of the caller, that transaction's view.
    """
    report = VerifyReport()
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if stream is None:
            _verify_checkpoints(report, anchors or {})
        _verify_streams(report, stream, progress)
    return report


def _verify_streams(report: VerifyReport, only: Stream | None, progress: Progress | None) -> None:
    where = "" if only is None else " WHERE stream_kind = %s AND stream_id = %s"
    parameters: list[str | int] = [] if only is None else [only.kind, only.id]
    order = " ORDER BY stream_kind, stream_id"
    entries = _Grouped(
        "SELECT stream_kind, stream_id, seq, kind, at, actor_id, cause, changes, salt, erased, hash"
        f" FROM journal_entry{where}{order}, seq",
        parameters,
    )
    heads = _Grouped(f"SELECT stream_kind, stream_id, seq, hash FROM journal_head{where}{order}", parameters)
    marks = _Grouped(
        f"SELECT stream_kind, stream_id, seq, hash FROM journal_checkpoint_head{where}{order}, seq",
        parameters,
    )
    while (
        key := min((group.key for group in (entries, heads, marks) if group.key), default=None)
    ) is not None:
        report.streams += 1
        head = next(heads.take(key), None)
        _StreamCheck(report, Stream(*key), progress).run(entries.take(key), head, marks.take(key))
        for group in (entries, heads, marks):
            group.skip(key)
    if progress:
        progress(report.entries)


class _Grouped:
    """Rows sorted by stream, taken one stream at a time. `key` is the stream that comes next."""

    def __init__(self, query: str, parameters: list[str | int]) -> None:
        self._rows = stream_rows(query, parameters)
        self._row: tuple[Any, ...] | None = next(self._rows, None)

    @property
    def key(self) -> tuple[str, int] | None:
        return None if self._row is None else (self._row[0], self._row[1])

    def take(self, key: tuple[str, int]) -> Iterator[tuple[Any, ...]]:
        """The rows of one stream, without its key."""
        while self._row is not None and self._row[0] == key[0] and self._row[1] == key[1]:
            row, self._row = self._row, next(self._rows, None)
            yield row[2:]

    def skip(self, key: tuple[str, int]) -> None:
        """Pass over what nobody took."""
        for _row in self.take(key):
            pass


class _StreamCheck:
    """The check of one stream: every entry against the one before, the head and the checkpoints."""

    def __init__(self, report: VerifyReport, stream: Stream, progress: Progress | None) -> None:
        self.report = report
        self.stream = stream
        self.progress = progress

    def run(
        self,
        entries: Iterator[tuple[Any, ...]],
        head: tuple[int, bytes] | None,
        marks: Iterator[tuple[Any, ...]],
    ) -> None:
        seq, digest, mark, marked = 0, GENESIS, next(marks, None), 0
        link: bytes | None = GENESIS
        for row in entries:
            if row[0] != seq + 1:
                self._add(Fault.MISSING, seq + 1)
                link = None
            seq, digest = row[0], bytes(row[-1])
            if head is not None and seq > head[0]:
                self._add(Fault.FORGED, seq)
            elif link is not None and self._expected_hash(link, row) != digest:
                self._add(Fault.ALTERED, seq)
            while mark is not None and mark[0] <= seq:
                if mark[0] == seq and bytes(mark[1]) != digest:
                    self._add(Fault.REWRITTEN, seq)
                marked, mark = mark[0], next(marks, None)
            link = digest
            self._count()
        while mark is not None:
            marked, mark = mark[0], next(marks, None)
        self._check_end(seq, digest, head, marked)

    def _check_end(self, seq: int, digest: bytes, head: tuple[int, bytes] | None, marked: int) -> None:
        expected = max(head[0] if head else 0, marked)
        if seq == 0 and expected:
            self._add(Fault.STREAM_MISSING, expected)
        elif seq < expected:
            self._add(Fault.CUT_OFF, seq + 1)
        elif head is None or (seq == head[0] and bytes(head[1]) != digest):
            self._add(Fault.HEAD_ALTERED, seq)

    def _expected_hash(self, previous: bytes, row: tuple[Any, ...]) -> bytes | None:
        """The hash this entry should have; None when its content cannot even be read."""
        seq, kind, at, actor_id, cause, changes_text, salt, erased, _hash = row
        try:
            changes = json.loads(changes_text)
            salts, digests = open_salts(changes, salt, erased)
            for key, (before, after) in changes.items():
                digests[key] = digest_change(salts[key], before, after)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        opening, closing = entry_text(
            stream=self.stream,
            at=at,
            actor_id=actor_id,
            kind=kind,
            cause=canonical_json(json.loads(cause)),
            digests=digests,
        )
        return entry_hash(previous, opening, seq, closing)

    def _add(self, fault: Fault, seq: int) -> None:
        self.report.add(fault, self.stream, seq)

    def _count(self) -> None:
        self.report.entries += 1
        if self.progress and self.report.entries % _PROGRESS_ENTRIES == 0:
            self.progress(self.report.entries)


def _verify_checkpoints(report: VerifyReport, anchors: Mapping[int, str]) -> None:
    """Every checkpoint against the one before, its heads and the anchor; heads and anchors without one."""
    hashes = _HeadHashes()
    number, link = 0, GENESIS
    for row in stream_rows(
        "SELECT number, at, horizon, heads, hash FROM journal_checkpoint ORDER BY number", []
    ):
        skipped = row[0] != number + 1
        if skipped:
            report.add(Fault.CHECKPOINT_MISSING, None, number + 1)
        number, at, horizon, heads, stored = row
        count, digest = hashes.take(number)
        expected = checkpoint_hash(link, number, at, horizon, digest)
        known_outside = anchors.get(number, bytes(stored).hex())
        if (
            count != heads
            or (not skipped and expected != bytes(stored))
            or known_outside != bytes(stored).hex()
        ):
            report.add(Fault.CHECKPOINT_ALTERED, None, number)
        link = bytes(stored)
        report.checkpoints += 1
    if number < max(hashes.last_number(), *anchors, 0):
        report.add(Fault.CHECKPOINT_MISSING, None, number + 1)


class _HeadHashes:
    """The hash over the heads of each checkpoint, read in order of checkpoints."""

    def __init__(self) -> None:
        self._rows = stream_rows(
            "SELECT checkpoint, stream_kind, stream_id, seq, hash FROM journal_checkpoint_head"
            " ORDER BY checkpoint, stream_kind, stream_id",
            [],
        )
        self._row: tuple[Any, ...] | None = next(self._rows, None)

    def take(self, number: int) -> tuple[int, str]:
        """How many heads a checkpoint has, and the hash over them."""
        total, count = sha256(), 0
        while self._row is not None and self._row[0] <= number:
            if self._row[0] == number:
                _number, kind, id, seq, digest = self._row
                total.update(head_line(kind, id, seq, bytes(digest)))
                count += 1
            self._row = next(self._rows, None)
        return count, total.hexdigest()

    def last_number(self) -> int:
        """The highest checkpoint that any remaining head names, or 0."""
        last = 0
        while self._row is not None:
            last, self._row = self._row[0], next(self._rows, None)
        return last
