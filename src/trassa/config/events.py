"""The events part: server-sent events to browsers, as a raw ASGI application.

No ORM and no `django.setup()`; only settings, for the key that signs tickets and the database's address. One
LISTEN connection a process. `GET /events?ticket=…` answers with a stream of [[topic, id, version], …] for
the topics of the ticket; `resync` says that something may have been missed, `expired` that a new ticket is
due. See docs/decisions/0006-events.md.
"""

import asyncio
import json
import logging
import os
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import psycopg

from trassa.config.event_streams import EventStream, EventStreams
from trassa.journal import CHANNEL, direct_conninfo, open_ticket
from trassa.kernel import Forbidden

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trassa.config.settings")

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

logger = logging.getLogger(__name__)

PATH = "/events"
#: Streams that one process keeps; more get 503 and try again.
MAX_STREAMS = 5_000
#: Milliseconds after which a browser comes back, spread so that they do not come all at once.
RETRY_MILLISECONDS = (1_000, 4_000)
#: Seconds before the first and at most between two attempts to reach the database.
FIRST_RECONNECT, LAST_RECONNECT = 0.1, 2.0

_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class EventsApplication:
    """ASGI: the lifespan starts and ends the LISTEN connection, a request opens a stream."""

    def __init__(self) -> None:
        self.streams = EventStreams()
        self._tasks: list[asyncio.Task[None]] = []
        self._requests: dict[EventStream, asyncio.Task[Any]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def start(self) -> None:
        """Begin to listen; a server without lifespan does so with the first request."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]

    async def stop(self) -> None:
        """End all streams and the LISTEN connection."""
        self.streams.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _listen(self) -> None:
        """Hear the relay; whenever the connection is made anew, all browsers have to look again."""
        delay = FIRST_RECONNECT
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    direct_conninfo("trassa events"), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    logger.info("events: listening")
                    delay = FIRST_RECONNECT
                    self.streams.resync()
                    async for notify in connection.notifies():
                        self._announce(notify.payload)
            except (psycopg.Error, OSError) as error:
                logger.warning("events: the database is away: %s", error)
            await asyncio.sleep(delay)
            delay = min(delay * 2, LAST_RECONNECT)

    def _announce(self, payload: str) -> None:
        try:
            self.streams.announce(payload)
        except (ValueError, TypeError):
            logger.exception("events: cannot read %.200s", payload)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            for stream in self.streams.beat():
                self._requests[stream].cancel()

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] != PATH:
            return await _refuse(send, 404, "Not Found", "not_found")
        if scope["method"] != "GET":
            return await _refuse(send, 405, "Method Not Allowed", "method_not_allowed", [(b"allow", b"GET")])
        tickets = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])
        try:
            ticket = open_ticket(tickets[0])
        except Forbidden as error:
            return await _refuse(send, 403, "Forbidden", error.code)
        if len(self.streams) >= MAX_STREAMS:
            return await _refuse(send, 503, "Service Unavailable", "busy", [(b"retry-after", b"5")])
        self.start()
        stream = self.streams.open(ticket)
        request = asyncio.ensure_future(_write_stream(stream, send))
        self._requests[stream] = request
        gone = asyncio.ensure_future(_wait_for_disconnect(receive))
        try:
            await asyncio.wait((request, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.streams.remove(stream)
            del self._requests[stream]
            request.cancel()
            gone.cancel()
            with suppress(asyncio.CancelledError, OSError, RuntimeError):
                await request


async def _write_stream(stream: EventStream, send: Send) -> None:
    """Send the stream's chunks until it ends."""
    await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
    stream.push(f"retry: {random.randint(*RETRY_MILLISECONDS)}\n\n".encode())
    while (chunk := await stream.take()) is not None:
        stream.sending_since = time.monotonic()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        stream.sending_since = None
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(
    send: Send, status: int, title: str, code: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Answer with a problem (RFC 9457)."""
    problem = {"type": "about:blank", "title": title, "status": status, "code": code}
    known = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*known, *(headers or [])]})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})


application = EventsApplication()
