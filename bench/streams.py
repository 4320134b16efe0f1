"""Open event streams: how soon a change reaches all of them, and what they cost the API."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from bench.figures import Figure, figure_of
from bench.writes import Target, timed_calls

SETTLE_SECONDS = 2.0


@dataclass
class Listeners:
    """Streams that note when they heard of a record."""

    heard: dict[int, list[float]] = field(default_factory=dict)
    ready: int = 0

    async def listen(self, port: int, ticket: str) -> None:
        """One browser's stream, read until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = f"GET /events?ticket={quote(ticket)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        writer.write(request.encode())
        self.ready += 1
        while line := await reader.readline():
            if line.startswith(b"data:"):
                self.note(line[5:].strip().decode())

    def note(self, data: str) -> None:
        """Remember the moment for every record that the event names."""
        moment = time.perf_counter()
        for id in ids_in(data):
            self.heard.setdefault(id, []).append(moment)


@lru_cache(maxsize=256)
def ids_in(data: str) -> tuple[int, ...]:
    """The records that an event names; every stream hears the same text, which is read once."""
    return tuple(dict.fromkeys(id for _topic, id, _version in json.loads(data) if id is not None))


def measure_streams(target: Target, ticket: str, *, streams: int, writes: int) -> dict[str, object]:
    """Latency over all streams, and the API's throughput with them against without."""
    alone = figure_of(timed_calls(target.visitor(), target.creations(writes)))
    figure, missed = asyncio.run(hear(target, ticket, streams, writes))
    kept = figure.per_second / alone.per_second
    return figure.as_json() | {"throughput_kept": round(kept, 2), "missed": missed, "streams": streams}


async def hear(target: Target, ticket: str, streams: int, writes: int) -> tuple[Figure, int]:
    """Open the streams, write, and collect the delays between an answer and each stream's event."""
    listeners = Listeners()
    tasks = [asyncio.create_task(listeners.listen(target.port, ticket)) for _ in range(streams)]
    while listeners.ready < streams:
        await asyncio.sleep(0.05)
    await asyncio.sleep(SETTLE_SECONDS)
    answered, seconds = await asyncio.to_thread(write_deals, target, writes)
    await asyncio.sleep(SETTLE_SECONDS)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    delays = [
        max(0.0, (moment - answered[id]) * 1000) for id in answered for moment in listeners.heard.get(id, [])
    ]
    missed = streams * len(answered) - len(delays)
    figure = figure_of(delays or [0.0])
    return Figure(figure.p50_ms, figure.p95_ms, len(answered) / seconds), missed


def write_deals(target: Target, count: int) -> tuple[dict[int, float], float]:
    """Create deals; the moment at which each was answered, and the seconds in all."""
    visitor = target.visitor()
    answered = {}
    started = time.perf_counter()
    for call in target.creations(count):
        deal = visitor.call(*call)
        answered[deal["id"]] = time.perf_counter()
    return answered, time.perf_counter() - started
