"""Writing and reading history: `append`, `list_entries`, `erase`.

Every write goes through the SQL function `journal_append`: it locks the heads in the order given (ascending
streams), numbers and chains the entries, all in one round trip.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from trassa.journal.canonical import (
    SALT_BYTES,
    canonical_json,
    canonical_moment,
    derive_salt,
    digest_change,
    entry_text,
)
from trassa.journal.types import Entry, Json, NewEntry, Stream
from trassa.kernel import NotFound, now


def append(entries: Sequence[NewEntry], *, actor_id: int | None, cause: Mapping[str, Json]) -> None:
    """Add lines to the history of one or many streams, inside the caller's transaction.

    `cause` says what led to the change ({"via": "api"}, {"rule": 7}…); `actor_id` None is the system or the
    command line. Streams are locked in ascending order until the transaction ends.
    """
    if not entries:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("history is written in the transaction of its change")
    with connection.cursor() as cursor:
        cursor.execute(*append_statement(entries, actor_id=actor_id, cause=cause))


def append_statement(
    entries: Sequence[NewEntry], *, actor_id: int | None, cause: Mapping[str, Json]
) -> tuple[str, list[Any]]:
    """What `append` sends, with its parameters, for a caller that sends several statements together."""
    cause_text = canonical_json(cause)
    moment = now()
    salts = os.urandom(SALT_BYTES * len(entries))
    rows = [
        _row(entry, entry.at or moment, actor_id, cause_text, salts[SALT_BYTES * at : SALT_BYTES * (at + 1)])
        for at, entry in enumerate(sorted(entries, key=lambda entry: (entry.stream.kind, entry.stream.id)))
    ]
    document = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return "SELECT journal_append(%s, %s, %s)", [actor_id, cause_text, document]


def _row(entry: NewEntry, at: datetime, actor_id: int | None, cause: str, salt: bytes) -> dict[str, object]:
    """What `journal_append` needs of one entry."""
    digests = {
        key: digest_change(derive_salt(salt, key), before, after)
        for key, (before, after) in entry.changes.items()
    }
    opening, closing = entry_text(
        stream=entry.stream, at=at, actor_id=actor_id, kind=entry.kind, cause=cause, digests=digests
    )
    return {
        "stream_kind": entry.stream.kind,
        "stream_id": entry.stream.id,
        "kind": entry.kind,
        "at": canonical_moment(at),
        "changes": dict(entry.changes),
        "salt": salt.hex(),
        "opening": opening,
        "closing": closing,
    }


def list_entries(
    stream: Stream,
    *,
    before_seq: int | None = None,
    limit: int = 50,
    key: str = "",
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> list[Entry]:
    """The newest entries of a stream first; `before_seq` continues below the last one of a page.

    With `key` only entries that changed it, with `only` those of these kinds, and none of kinds in `without`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT seq, at, kind, actor_id, cause, changes, erased -> 'digests'
            FROM journal_entry
            WHERE stream_kind = %s AND stream_id = %s AND seq < coalesce(%s, 2147483647)
              AND (%s = '' OR jsonb_exists(changes, %s))
              AND (%s = '{}'::text[] OR kind = ANY(%s)) AND kind <> ALL(%s::text[])
            ORDER BY seq DESC LIMIT %s
            """,
            [stream.kind, stream.id, before_seq, key, key, [*only], [*only], [*without], limit],
        )
        return [read_entry(stream, row) for row in cursor.fetchall()]


def list_entries_together(
    kind: str,
    ids: Sequence[int],
    *,
    before: tuple[int, int] | None = None,
    limit: int = 50,
    key: str = "",
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> list[Entry]:
    """The entries of a few streams of a kind as one history, by their moments, newest first.

    `before` is stream id and seq of the last entry of a page; the rest as of `list_entries`.
    """
    stream_id, seq = before or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT stream_id, seq, at, kind, actor_id, cause, changes, erased -> 'digests'
            FROM journal_entry AS entry
            WHERE stream_kind = %s AND stream_id = ANY(%s)
              AND (%s::bigint IS NULL OR (at, stream_id, seq) < (
                SELECT at, stream_id, seq FROM journal_entry
                WHERE stream_kind = entry.stream_kind AND stream_id = %s AND seq = %s))
              AND (%s = '' OR jsonb_exists(changes, %s))
              AND (%s = '{}'::text[] OR kind = ANY(%s)) AND kind <> ALL(%s::text[])
            ORDER BY at DESC, stream_id DESC, seq DESC LIMIT %s
            """,
            [kind, [*ids], stream_id, stream_id, seq, key, key, [*only], [*only], [*without], limit],
        )
        return [read_entry(Stream(kind, id), row) for id, *row in cursor.fetchall()]


def list_newest_entries(kind: str, ids: Iterable[int], *, limit: int) -> dict[int, list[Entry]]:
    """The newest entries of many streams of a kind, by stream id; at most `limit` each, newest first."""
    found: dict[int, list[Entry]] = {id: [] for id in ids}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT wanted.id, newest.* FROM unnest(%s::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
              SELECT seq, at, kind, actor_id, cause, changes, erased -> 'digests'
              FROM journal_entry WHERE stream_kind = %s AND stream_id = wanted.id
              ORDER BY seq DESC LIMIT %s
            ) AS newest
            ORDER BY wanted.id, newest.seq DESC
            """,
            [list(found), kind, limit],
        )
        for id, *row in cursor.fetchall():
            found[id].append(read_entry(Stream(kind, id), row))
    return found


def read_entry(stream: Stream, row: Sequence[Any]) -> Entry:
    """An entry from its columns: seq, at, kind, actor_id, cause, changes, digests of what was erased."""
    seq, at, kind, actor_id, cause, changes, digests = row
    return Entry(
        stream=stream,
        seq=seq,
        at=at,
        kind=kind,
        actor_id=actor_id,
        cause=json.loads(cause),
        changes={key: (before, after) for key, (before, after) in json.loads(changes).items()},
        erased=tuple(sorted(json.loads(digests))) if digests else (),
    )


def erase(stream: Stream, seq: int, keys: Iterable[str], *, actor_id: int | None) -> None:
    """Remove the values of `keys` from one entry for good; its digests stay, so the chain still verifies.

    The stream gets an entry «erased» that names keys and entry. Keys that are not there are passed over;
    raises NotFound when the entry is not there.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT changes, salt, erased FROM journal_entry"
            " WHERE stream_kind = %s AND stream_id = %s AND seq = %s FOR UPDATE",
            [stream.kind, stream.id, seq],
        )
        row = cursor.fetchone()
        if row is None:
            raise NotFound(_("There is no such entry in this history."))
        changes: dict[str, list[Json]] = json.loads(row[0])
        doomed = sorted(set(keys) & changes.keys())
        if not doomed:
            return
        salts, digests = open_salts(changes, row[1], row[2])
        for key in doomed:
            before, after = changes.pop(key)
            digests[key] = digest_change(salts.pop(key), before, after)
        kept = {key: salt.hex() for key, salt in salts.items()}
        cursor.execute("SELECT set_config('trassa.journal_erase', 'on', true)")
        cursor.execute(
            "UPDATE journal_entry SET changes = %s, salt = NULL, erased = %s"
            " WHERE stream_kind = %s AND stream_id = %s AND seq = %s",
            [
                json.dumps(changes),
                json.dumps({"digests": digests, "salts": kept}),
                stream.kind,
                stream.id,
                seq,
            ],
        )
        cursor.execute("SELECT set_config('trassa.journal_erase', 'off', true)")
        append([NewEntry(stream, "erased", {})], actor_id=actor_id, cause={"seq": seq, "keys": doomed})


def open_salts(
    keys: Iterable[str], salt: bytes | None, erased: str | None
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The salts of the keys still there, and the digests of those erased, from an entry's columns."""
    if salt is not None:
        return {key: derive_salt(bytes(salt), key) for key in keys}, {}
    opened = json.loads(erased or '{"salts": {}, "digests": {}}')
    return {key: bytes.fromhex(text) for key, text in opened["salts"].items()}, dict(opened["digests"])
