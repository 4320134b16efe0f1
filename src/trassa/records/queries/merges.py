"""Which records are one today: whoever holds the id of a record that was merged away is led on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from trassa.records.models import Merge

_TAKEN_IN = """
WITH RECURSIVE inside(id) AS (
    SELECT loser_id FROM records_merge
    WHERE survivor_id = %(id)s AND undone_at IS NULL AND merged_at <= coalesce(%(by)s, merged_at)
    UNION
    SELECT m.loser_id FROM records_merge m JOIN inside ON m.survivor_id = inside.id
    WHERE m.undone_at IS NULL AND m.merged_at <= coalesce(%(by)s, m.merged_at)
)
SELECT id FROM inside ORDER BY id
"""
_LED_ON = """
WITH RECURSIVE way(id, step) AS (
    SELECT survivor_id, 1 FROM records_merge WHERE loser_id = %s AND undone_at IS NULL
    UNION
    SELECT m.survivor_id, way.step + 1 FROM records_merge m JOIN way ON m.loser_id = way.id
    WHERE m.undone_at IS NULL
)
SELECT id FROM way ORDER BY step DESC LIMIT 1
"""
_RELATIVES = """
WITH RECURSIVE kin(id) AS (
    SELECT %s::bigint
    UNION
    SELECT CASE WHEN m.loser_id = kin.id THEN m.survivor_id ELSE m.loser_id END
    FROM records_merge m JOIN kin ON m.loser_id = kin.id OR m.survivor_id = kin.id
)
SELECT id FROM kin ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record that was merged: its title, and the record that it is part of, None when of none any more."""

    title: str
    survivor_id: int | None


def merged_records(ids: Iterable[int]) -> dict[int, MergedRecord]:
    """What is said of records that were merged; one query, none for none."""
    wanted = list(ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.title, m.survivor_id FROM records_record r"
            " LEFT JOIN records_merge m ON m.loser_id = r.id AND m.undone_at IS NULL WHERE r.id = ANY(%s)",
            [wanted],
        )
        return {id: MergedRecord(title, survivor) for id, title, survivor in cursor.fetchall()}


def list_taken_in(id: int, *, by: datetime | None = None) -> list[int]:
    """Ids of the records that are part of this one today, directly or through one another; with `by` of
    those that were so at that moment."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_IN, {"id": id, "by": by})
        return [each for (each,) in cursor.fetchall()]


def find_survivor(id: int) -> int | None:
    """The record that this one is part of today, at the end of all merges; None when it is of its own."""
    with connection.cursor() as cursor:
        cursor.execute(_LED_ON, [id])
        row = cursor.fetchone()
        return row[0] if row else None


def list_relatives(id: int) -> list[int]:
    """Ids of the record itself and of all that have ever been merged with it, in whatever direction."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATIVES, [id])
        return [each for (each,) in cursor.fetchall()]


def list_together(merge: Merge) -> list[int]:
    """The records that were merged away in one go with this merge, its own among them, while it stands."""
    if merge.together is None:
        return [merge.loser_id]
    standing = Merge.objects.filter(together=merge.together, undone_at__isnull=True).order_by("id")
    return list(standing.values_list("loser_id", flat=True))


def standing_merges(losers: Iterable[int]) -> dict[int, Merge]:
    """The merges that stand, by the records that were merged away in them; no query for none."""
    wanted = list(losers)
    if not wanted:
        return {}
    return {each.loser_id: each for each in Merge.objects.filter(loser_id__in=wanted, undone_at__isnull=True)}
