"""A change of many records at once, with history, search documents and outbox, and its undo."""

import time

from bench.figures import Figure, figure_of
from trassa.access.queries import Actor, actor_of
from trassa.people.queries import find_person_by_login, get_person
from trassa.records.actions.bulk_runs import start_bulk_run, undo_bulk_run, work
from trassa.records.actions.write import write_records
from trassa.records.models import BulkRun
from trassa.records.types import BulkChange, Change, Write
from trassa.schema.queries import current_generation

_BATCH = 500
_MOVE = BulkChange(Change.MOVE, {"next_contact_on": "2026-12-01"}, "sales", "negotiation")


def measure_bulk_move(records: int, links: tuple[int, int]) -> tuple[Figure, Figure]:
    """Move so many new deals to the next stage as one run, then take it back; times of whole runs."""
    person = find_person_by_login("director")
    assert person is not None
    actor = actor_of(get_person(person.id))
    ids = create_deals(records, links, actor)
    spec = current_generation().types["deal"]
    started = time.perf_counter()
    run = start_bulk_run(spec, _MOVE, ids, actor=actor)
    work(run.pk)
    moved = time.perf_counter() - started
    check(run, "done", "changed", records)
    started = time.perf_counter()
    undo_bulk_run(run.pk, actor=actor)
    work(run.pk)
    undone = time.perf_counter() - started
    check(run, "undone", "returned", records)
    return as_figure(records, moved), as_figure(records, undone)


def create_deals(count: int, links: tuple[int, int], actor: Actor) -> list[int]:
    """New deals on the first stage; gives their ids."""
    client, car = links
    fields = {"client": client, "car": car, "source": "avito", "amount": "1000000"}
    ids: list[int] = []
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        writes = [Write(Change.CREATE, "deal", pipeline="sales", fields=fields) for _each in range(size)]
        outcomes = write_records(writes, actor=actor, cause={"kind": "bench"})
        ids += [outcome.id for outcome in outcomes if outcome.id is not None]
    return ids


def check(run: BulkRun, state: str, column: str, count: int) -> None:
    """A measurement of a run that refused anything says nothing."""
    run.refresh_from_db()
    assert (run.state, getattr(run, column)) == (state, count), f"{run}: {run.problem}"


def as_figure(records: int, seconds: float) -> Figure:
    figure = figure_of([seconds * 1000], note=f"{records} records in one run")
    return Figure(figure.p50_ms, figure.p95_ms, records / seconds, note=figure.note)
