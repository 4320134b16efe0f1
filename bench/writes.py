"""Writes through the API with journal, search documents and outbox, and the import through the batch path."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.figures import Figure, figure_of
from bench.statements import call_statements, time_statements
from bench.visitors import Visitor
from trassa.access.queries import system_actor
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write

IMPORT_BATCH = 500
DEALS = "/api/v1/records/deal"


@dataclass(frozen=True, slots=True)
class Target:
    """The server that is written to, and what new deals link to."""

    port: int
    conninfo: str
    token: str
    #: Ids of a contact and a car.
    links: tuple[int, int]

    def visitor(self) -> Visitor:
        """A program with a connection of its own."""
        return Visitor(self.port, token=self.token)

    def new_deal(self, number: int) -> dict[str, object]:
        """A deal as a program sends it."""
        client, car = self.links
        fields = {"client": client, "car": car, "amount": f"{1_000_000 + number}", "source": "avito"}
        return {"pipeline": "sales", "fields": fields}

    def creations(self, count: int) -> list[tuple[str, str, object]]:
        """Calls that create so many deals."""
        return [("POST", DEALS, self.new_deal(number)) for number in range(count)]


def timed_calls(visitor: Visitor, calls: Sequence[tuple[str, str, object]]) -> list[float]:
    """Milliseconds of each call, one after another."""
    times = []
    for method, path, payload in calls:
        started = time.perf_counter()
        visitor.call(method, path, payload)
        times.append((time.perf_counter() - started) * 1000)
    return times


def measure_create(target: Target, times: int) -> Figure:
    """One client creates deals."""
    visitor = target.visitor()
    timed_calls(visitor, target.creations(20))
    taken = timed_calls(visitor, target.creations(times))
    runs = [call_statements(target.token, *call) for call in target.creations(30)]
    return figure_of(taken, sql_ms=time_statements(target.conninfo, runs, commit=True))


def measure_create_by(clients: int, target: Target, times: int, rounds: int = 5) -> Figure:
    """Several clients create deals at once, in rounds with new connections: the system deals connections out
    to the web processes by chance, now and then all to one of them.
    """
    taken: list[float] = []
    seconds = 0.0
    for _round in range(rounds):
        found, lasted = in_parallel(
            clients, lambda: timed_calls(target.visitor(), target.creations(times // rounds))
        )
        taken, seconds = taken + found, seconds + lasted
    return figure_of(taken, seconds=seconds)


def in_parallel(clients: int, work: Callable[[], list[float]]) -> tuple[list[float], float]:
    """All times of `clients` threads doing the work, and how long it took in all."""
    taken: list[float] = []
    threads = [threading.Thread(target=lambda: taken.extend(work())) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, time.perf_counter() - started


#: A stage that no robot of the packs answers to, and one where a robot gives a task.
QUIET, MANNED = "showing", "negotiation"


def measure_move(target: Target, times: int, stage: str = QUIET) -> Figure:
    """One client moves deals from the first stage to another."""
    visitor = target.visitor()

    def moves(count: int) -> list[tuple[str, str, object]]:
        created = [visitor.call(*call)["id"] for call in target.creations(count)]
        move = {"stage": stage, "fields": {"next_contact_on": "2026-12-01"}}
        return [("POST", f"{DEALS}/{id}/move", move) for id in created]

    taken = timed_calls(visitor, moves(times))
    runs = [call_statements(target.token, *call) for call in moves(30)]
    return figure_of(taken, sql_ms=time_statements(target.conninfo, runs, commit=True))


def measure_import(rows: int, links: tuple[int, int]) -> Figure:
    """Deals through the batch path as an import writes them; times are those of batches."""
    taken = []
    client, car = links
    for start in range(0, rows, IMPORT_BATCH):
        fields = {"client": client, "car": car, "source": "avito"}
        writes = [
            Write(Change.CREATE, "deal", pipeline="sales", fields=fields | {"amount": str(n)})
            for n in range(start, start + IMPORT_BATCH)
        ]
        started = time.perf_counter()
        outcomes = write_records(
            writes, actor=system_actor(), cause={"kind": "import"}, atomic=False, hooks="none"
        )
        taken.append((time.perf_counter() - started) * 1000)
        assert all(outcome.error is None for outcome in outcomes)
    figure = figure_of(taken, note=f"batches of {IMPORT_BATCH} rows")
    rate = rows / (sum(taken) / 1000)
    return Figure(figure.p50_ms, figure.p95_ms, rate, note=figure.note)
