"""Writes through the API with journal, search documents and outbox, and the import through the batch path."""

import threading
import time
from collections.abc import Callable, Sequence

from bench.figures import Figure, figure_of
from bench.statements import call_statements, time_statements
from bench.visitors import Visitor
from trassa.access.queries import system_actor
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write

IMPORT_BATCH = 500


def new_deal(client: int, car: int, number: int) -> dict[str, object]:
    """A deal as a program sends it."""
    fields = {"client": client, "car": car, "amount": f"{1_000_000 + number}", "source": "avito"}
    return {"pipeline": "sales", "fields": fields}


def timed_calls(visitor: Visitor, calls: Sequence[tuple[str, str, object]]) -> list[float]:
    """Milliseconds of each call, one after another."""
    times = []
    for method, path, payload in calls:
        started = time.perf_counter()
        visitor.call(method, path, payload)
        times.append((time.perf_counter() - started) * 1000)
    return times


def measure_create(port: int, conninfo: str, token: str, links: tuple[int, int], times: int) -> Figure:
    """One client creates deals."""
    path = "/api/v1/records/deal"
    visitor = Visitor(port, token=token)
    timed_calls(visitor, [("POST", path, new_deal(*links, number)) for number in range(20)])
    taken = timed_calls(visitor, [("POST", path, new_deal(*links, number)) for number in range(times)])
    runs = [call_statements(token, "POST", path, new_deal(*links, number)) for number in range(30)]
    return figure_of(taken, sql_ms=time_statements(conninfo, runs, commit=True))


def measure_create_by(clients: int, port: int, token: str, links: tuple[int, int], times: int) -> Figure:
    """Several clients create deals at once."""
    calls = [("POST", "/api/v1/records/deal", new_deal(*links, number)) for number in range(times)]
    taken, seconds = in_parallel(clients, lambda: timed_calls(Visitor(port, token=token), calls))
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


def measure_move(port: int, conninfo: str, token: str, links: tuple[int, int], times: int) -> Figure:
    """One client moves deals from the first stage to the next."""
    visitor = Visitor(port, token=token)

    def deals(count: int) -> list[int]:
        created = (visitor.call("POST", "/api/v1/records/deal", new_deal(*links, n)) for n in range(count))
        return [deal["id"] for deal in created]

    move = {"stage": "negotiation", "fields": {"next_contact_on": "2026-12-01"}}
    taken = timed_calls(visitor, [("POST", f"/api/v1/records/deal/{id}/move", move) for id in deals(times)])
    runs = [call_statements(token, "POST", f"/api/v1/records/deal/{id}/move", move) for id in deals(30)]
    return figure_of(taken, sql_ms=time_statements(conninfo, runs, commit=True))


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
