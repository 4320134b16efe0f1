"""Checkpoints: a chain over all streams, so that a cut-off tail or a stream that is gone is noticed.

A checkpoint lists the head of every stream that moved since the one before. Entries are found by
`recorded_at`; transactions that commit late are not lost, because the next checkpoint starts looking at the
horizon of this one: before it nothing was still running. See docs/decisions/0007-history.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from trassa.journal.canonical import GENESIS, canonical_json, canonical_moment
from trassa.kernel import now

_PAGE_ROWS = 5_000

#: A clock may step back a little, and a transaction shows up in pg_stat_activity a moment after it began.
MARGIN = timedelta(minutes=5)

_HORIZON = """
SELECT least(min(xact_start), clock_timestamp())
FROM (SELECT pg_stat_clear_snapshot()) AS fresh, pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_MOVED_HEADS = """
INSERT INTO journal_checkpoint_head (stream_kind, stream_id, seq, checkpoint, hash)
SELECT head.stream_kind, head.stream_id, head.seq, %s, head.hash
FROM (SELECT DISTINCT stream_kind, stream_id FROM journal_entry WHERE recorded_at >= %s) AS moved
JOIN journal_head AS head USING (stream_kind, stream_id)
WHERE NOT EXISTS (
    SELECT FROM journal_checkpoint_head AS known
    WHERE known.stream_kind = head.stream_kind AND known.stream_id = head.stream_id AND known.seq >= head.seq
)
"""


@dataclass(frozen=True, slots=True)
class CheckpointMark:
    """One checkpoint: keep number and hash outside the system, and nobody can rewrite what came before."""

    number: int
    at: datetime
    heads: int
    hash: str


def checkpoint(*, everything: bool = False) -> CheckpointMark | None:
    """Chain every head that moved since the last checkpoint; None when none did.

    `everything` looks at all entries instead of those since the last horizon.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('trassa.journal.checkpoint'))")
        cursor.execute("SELECT number, horizon, hash FROM journal_checkpoint ORDER BY number DESC LIMIT 1")
        number, since, previous = cursor.fetchone() or (0, "-infinity", GENESIS)
        cursor.execute(_HORIZON)
        horizon = cursor.fetchone()[0] - MARGIN
        number += 1
        cursor.execute(_MOVED_HEADS, [number, "-infinity" if everything else since])
        heads = cursor.rowcount
        if not heads:
            return None
        at = now()
        digest = checkpoint_hash(bytes(previous), number, at, horizon, _hash_heads(number))
        cursor.execute(
            "INSERT INTO journal_checkpoint (number, at, horizon, heads, hash) VALUES (%s, %s, %s, %s, %s)",
            [number, at, horizon, heads, digest],
        )
    return CheckpointMark(number, at, heads, digest.hex())


def checkpoint_hash(previous: bytes, number: int, at: datetime, horizon: datetime, heads: str) -> bytes:
    """The hash of a checkpoint; `heads` is the hash over its heads in hexadecimal."""
    text = canonical_json(
        {"at": canonical_moment(at), "heads": heads, "horizon": canonical_moment(horizon), "number": number}
    )
    return sha256(previous + text.encode()).digest()


def head_line(stream_kind: str, stream_id: int, seq: int, digest: bytes) -> bytes:
    """What one head adds to the hash over all heads of a checkpoint, in order of streams."""
    return f"{canonical_json((stream_kind, stream_id, seq, digest.hex()))}\n".encode()


def _hash_heads(number: int) -> str:
    total = sha256()
    for stream_kind, stream_id, seq, digest in stream_rows(
        "SELECT stream_kind, stream_id, seq, hash FROM journal_checkpoint_head"
        " WHERE checkpoint = %s ORDER BY stream_kind, stream_id",
        [number],
    ):
        total.update(head_line(stream_kind, stream_id, seq, bytes(digest)))
    return total.hexdigest()


def stream_rows(query: str, parameters: Sequence[str | int] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows of a query through a server-side cursor: memory stays the same however many there are."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, list(parameters))
        while rows := cursor.fetchmany(_PAGE_ROWS):
            yield from rows
