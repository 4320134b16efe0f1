"""Open event streams and the fan-out of notices to them, in one event loop, without a lock.

Streams with the same topics form a group: a group's chunk of bytes is made once and put into the mailbox of
each of its streams. Mailboxes are bounded: a browser that does not keep up loses what waits for it and is
told to fetch anew. See docs/decisions/0006-events.md.
"""

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Iterator

from trassa.journal import Ticket

HEARTBEAT_SECONDS = 15
#: Chunks that may wait for one stream.
MAILBOX_CHUNKS = 32
#: Seconds that the network may take for one chunk before the stream is given up.
STUCK_SECONDS = 30.0
#: Seconds between two deliveries: a base, and a share for every open stream, so that a busy hour with many
#: browsers costs a bounded part of one core; browsers wait 300 ms before they fetch anyway.
PAUSE_BASE, PAUSE_PER_STREAM, PAUSE_LIMIT = 0.010, 0.0001, 0.250

HEARTBEAT = b": \n\n"
RESYNC = b"event: resync\ndata: []\n\n"
EXPIRED = b"event: expired\ndata: []\n\n"

_slots = itertools.count()


class EventStream:
    """One open browser: a bounded mailbox, emptied by the task that answers the request."""

    __slots__ = ("_chunks", "_closed", "_waiter", "expires_at", "sending_since", "slot", "topics")

    def __init__(self, ticket: Ticket) -> None:
        self.topics = ticket.topics
        self.expires_at = ticket.expires_at
        #: The second of a turn in which this stream has its heartbeat, so that they do not come all at once.
        self.slot = next(_slots) % HEARTBEAT_SECONDS
        #: When the chunk under way was handed to the network; None while there is none. On `time.monotonic`.
        self.sending_since: float | None = None
        self._chunks: list[bytes] = []
        self._closed = False
        self._waiter: asyncio.Future[None] | None = None

    def push(self, chunk: bytes) -> None:
        """Put a chunk into the mailbox; a full one is emptied and says `resync` instead."""
        if self._closed:
            return
        if len(self._chunks) >= MAILBOX_CHUNKS:
            self._chunks = [RESYNC]
        else:
            self._chunks.append(chunk)
        self._wake()

    def close(self, last: bytes = b"") -> None:
        """End the stream after what waits and `last`."""
        if not self._closed:
            self._chunks.append(last)
            self._closed = True
            self._wake()

    @property
    def is_idle(self) -> bool:
        return not self._chunks

    async def take(self) -> bytes | None:
        """All that waits, as soon as something does; None when the stream has ended."""
        while not self._chunks:
            if self._closed:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        chunks, self._chunks = self._chunks, []
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class EventStreams:
    """All open streams of this process, grouped by their topics."""

    def __init__(self) -> None:
        self._groups: dict[frozenset[str], set[EventStream]] = {}
        self._groups_of_topic: dict[str, set[frozenset[str]]] = defaultdict(set)
        self._count = 0
        self._notices: dict[str, dict[int | None, int | None]] = defaultdict(dict)
        self._delivered_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return self._count

    def open(self, ticket: Ticket) -> EventStream:
        """A new stream of the ticket's topics; the caller removes it when the browser has gone."""
        stream = EventStream(ticket)
        if stream.topics not in self._groups:
            self._groups[stream.topics] = set()
            for topic in stream.topics:
                self._groups_of_topic[topic].add(stream.topics)
        self._groups[stream.topics].add(stream)
        self._count += 1
        return stream

    def remove(self, stream: EventStream) -> None:
        """Forget a stream, and its group with the last one."""
        group = self._groups[stream.topics]
        group.remove(stream)
        self._count -= 1
        if group:
            return
        del self._groups[stream.topics]
        for topic in stream.topics:
            self._groups_of_topic[topic].discard(stream.topics)
            if not self._groups_of_topic[topic]:
                del self._groups_of_topic[topic]

    def announce(self, payload: str) -> None:
        """Take one NOTIFY payload: [[topic, id, version], …]; delivered together with its neighbours."""
        for topic, id, version in json.loads(payload):
            if topic in self._groups_of_topic:
                self._notices[topic][id] = version
        if self._notices and self._timer is None:
            loop = asyncio.get_running_loop()
            pause = min(PAUSE_BASE + PAUSE_PER_STREAM * self._count, PAUSE_LIMIT)
            due = max(self._delivered_at + pause, loop.time() + PAUSE_BASE / 2)
            self._timer = loop.call_at(due, self._deliver)

    def _deliver(self) -> None:
        self._timer = None
        self._delivered_at = asyncio.get_running_loop().time()
        notices, self._notices = self._notices, defaultdict(dict)
        texts: dict[frozenset[str], list[str]] = defaultdict(list)
        for topic, versions in notices.items():
            text = _write_lines(topic, versions)
            for group in self._groups_of_topic.get(topic, ()):
                texts[group].append(text)
        for group, parts in texts.items():
            chunk = f"data: [{','.join(parts)}]\n\n".encode()
            for stream in self._groups[group]:
                stream.push(chunk)

    def resync(self) -> None:
        """Tell every browser that it may have missed something."""
        for stream in self:
            stream.push(RESYNC)

    def beat(self) -> list[EventStream]:
        """Once a second: heartbeats whose turn it is, expired tickets; returns streams that are stuck."""
        now, moment = time.time(), time.monotonic()
        turn = int(moment) % HEARTBEAT_SECONDS
        stuck = []
        for stream in self:
            if stream.sending_since is not None and moment - stream.sending_since > STUCK_SECONDS:
                stuck.append(stream)
            elif stream.expires_at <= now:
                stream.close(EXPIRED)
            elif stream.slot == turn and stream.is_idle:
                stream.push(HEARTBEAT)
        return stuck

    def close(self) -> None:
        """End all streams; browsers come back by themselves."""
        for stream in self:
            stream.close()

    def __iter__(self) -> Iterator[EventStream]:
        return itertools.chain.from_iterable(self._groups.values())


def _write_lines(topic: str, versions: dict[int | None, int | None]) -> str:
    """The notices of one topic as JSON without the outer brackets; a changed list stands for all in it."""
    if None in versions:
        versions = {None: None}
    return ",".join(
        json.dumps([topic, id, version], separators=(",", ":")) for id, version in versions.items()
    )
