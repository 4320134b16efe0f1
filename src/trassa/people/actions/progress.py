"""How far a hand-over is, told beside its transaction, of which nothing is seen before it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from trassa.people.registries import Report

_NOTE = """
    INSERT INTO people_handover_progress (hand_over, done) VALUES (%s, %s)
    ON CONFLICT (hand_over) DO UPDATE SET done = excluded.done
"""


@contextmanager
def reporting(id: int) -> Iterator[Report]:
    """Gives what sources tell how much they have done; it is stored over a connection of its own."""
    beside, done = connection.copy(), 0

    def report(count: int) -> None:
        nonlocal done
        done += count
        with beside.cursor() as cursor:
            cursor.execute(_NOTE, [id, done])

    try:
        yield report
    finally:
        with beside.cursor() as cursor:
            cursor.execute("DELETE FROM people_handover_progress WHERE hand_over = %s", [id])
        beside.close()
