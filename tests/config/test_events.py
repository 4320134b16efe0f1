"""The events part as a browser meets it, from the outbox to the stream."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import psycopg
import pytest

from trassa.config import events, front
from trassa.config.events import EventsApplication, Message
from trassa.journal import CHANNEL, Ticket, direct_conninfo, sign_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def in_loop(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    """Run a test inside an event loop."""

    @wraps(test)
    def run(*arguments: object, **named: object) -> None:
        asyncio.run(asyncio.wait_for(test(*arguments, **named), 20))

    return run


class Browser:
    """One request to an ASGI application, and what came back so far."""

    def __init__(self, application: Any, query: str = "", path: str = "/events", method: str = "GET") -> None:
        self.received: list[Message] = []
        self.arrived = asyncio.Event()
        self.leave = asyncio.Event()
        self.asked = False
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"host", b"testserver")],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        self.request = asyncio.ensure_future(application(scope, self.receive, self.send))

    async def receive(self) -> Message:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.received.append(message)
        self.arrived.set()

    @property
    def status(self) -> int:
        return int(self.received[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.received[0]["headers"])

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.received[1:]).decode()

    async def read_until(self, words: str) -> str:
        while words not in self.text:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), 10)
        return self.text


@asynccontextmanager
async def listening(application: EventsApplication) -> AsyncIterator[None]:
    application.start()
    try:
        while not await _listener_pid():
            await asyncio.sleep(0.02)
        yield
    finally:
        await application.stop()


async def _execute(query: str, *parameters: object) -> Any:
    async with await psycopg.AsyncConnection.connect(
        direct_conninfo("trassa test"), autocommit=True
    ) as other:
        return await (await other.execute(query, parameters)).fetchone()


async def _listener_pid() -> int | None:
    row = await _execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'trassa events' AND query ILIKE 'LISTEN%%' AND state = 'idle'"
    )
    return row[0] if row else None


async def notify(*lines: list[object]) -> None:
    await _execute("SELECT pg_notify(%s, %s)", CHANNEL, json.dumps(lines))


@in_loop
async def test_a_change_reaches_the_browsers_that_may_know_of_it() -> None:
    application = EventsApplication()
    async with listening(application):
        seller = Browser(application, f"ticket={sign_ticket(['t1.o7'])}")
        head = Browser(application, f"ticket={sign_ticket(['t1'])}")
        await seller.read_until("retry:")
        await head.read_until("retry:")
        await notify(["t1.o8", 4, 1], ["t1", 4, 1])
        await notify(["t1.o7", 5, 2], ["t1", 5, 2])
        assert '["t1.o7",5,2]' in await seller.read_until("data:")
        await head.read_until('["t1",5,2]')
        assert "4" not in seller.text.partition("data:")[2]


@in_loop
async def test_a_stream_passes_proxies_unchanged_and_unbuffered() -> None:
    application = EventsApplication()
    async with listening(application):
        browser = Browser(application, f"ticket={sign_ticket(['t1'])}")
        await browser.read_until("retry:")
        assert browser.status == 200
        assert browser.headers[b"content-type"] == b"text/event-stream; charset=utf-8"
        assert b"no-transform" in browser.headers[b"cache-control"]
        assert browser.headers[b"x-accel-buffering"] == b"no"
        assert not any(name.startswith(b"access-control") for name in browser.headers)


@pytest.mark.parametrize(
    ("query", "path", "method", "status", "code"),
    [
        ("", "/events", "GET", 403, "ticket_invalid"),
        ("ticket=forged", "/events", "GET", 403, "ticket_invalid"),
        ("", "/events", "POST", 405, "method_not_allowed"),
        ("", "/elsewhere", "GET", 404, "not_found"),
    ],
)
@in_loop
async def test_other_requests_get_a_problem(
    query: str, path: str, method: str, status: int, code: str
) -> None:
    browser = Browser(EventsApplication(), query, path, method)
    await browser.request
    assert browser.status == status
    assert browser.headers[b"content-type"] == b"application/problem+json"
    assert json.loads(browser.text) == {
        "type": "about:blank",
        "title": json.loads(browser.text)["title"],
        "status": status,
        "code": code,
    }


@in_loop
async def test_more_streams_than_allowed_are_sent_away_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MAX_STREAMS", 0)
    browser = Browser(EventsApplication(), f"ticket={sign_ticket(['t1'])}")
    await browser.request
    assert (browser.status, browser.headers[b"retry-after"]) == (503, b"5")


@in_loop
async def test_when_the_database_was_away_every_browser_is_told_to_look_again() -> None:
    application = EventsApplication()
    async with listening(application):
        browser = Browser(application, f"ticket={sign_ticket(['t1'])}")
        await browser.read_until("retry:")
        await _execute("SELECT pg_terminate_backend(%s, 5000)", await _listener_pid())
        await browser.read_until("event: resync")
        await notify(["t1", 5, 3])
        await browser.read_until('["t1",5,3]')


@in_loop
async def test_a_stream_ends_with_its_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "open_ticket", lambda text: Ticket(frozenset(["t1"]), time.time()))
    application = EventsApplication()
    async with listening(application):
        browser = Browser(application, "ticket=any")
        await browser.request
        assert browser.text.endswith("event: expired\ndata: []\n\n")
        assert browser.received[-1]["more_body"] is False
        assert len(application.streams) == 0


@in_loop
async def test_a_browser_that_left_is_forgotten() -> None:
    application = EventsApplication()
    async with listening(application):
        browser = Browser(application, f"ticket={sign_ticket(['t1'])}")
        await browser.read_until("retry:")
        assert len(application.streams) == 1
        browser.leave.set()
        await browser.request
        assert len(application.streams) == 0


@in_loop
async def test_a_browser_stuck_in_the_network_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trassa.config.event_streams.STUCK_SECONDS", 0.2)
    application = EventsApplication()
    async with listening(application):
        browser = Browser(application, f"ticket={sign_ticket(['t1'])}")
        await browser.read_until("retry:")
        (stream,) = application.streams
        stream.sending_since = time.monotonic() - 1
        await browser.request
        assert len(application.streams) == 0


@in_loop
async def test_stopping_ends_all_streams() -> None:
    application = EventsApplication()
    async with listening(application):
        browser = Browser(application, f"ticket={sign_ticket(['t1'])}")
        await browser.read_until("retry:")
    await browser.request
    assert browser.received[-1]["more_body"] is False


@in_loop
async def test_the_lifespan_starts_and_ends_listening() -> None:
    application = EventsApplication()
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    outgoing: asyncio.Queue[Message] = asyncio.Queue()
    life = asyncio.ensure_future(application({"type": "lifespan"}, incoming.get, outgoing.put))
    await incoming.put({"type": "lifespan.startup"})
    assert (await outgoing.get())["type"] == "lifespan.startup.complete"
    while not await _listener_pid():
        await asyncio.sleep(0.02)
    await incoming.put({"type": "lifespan.shutdown"})
    assert (await outgoing.get())["type"] == "lifespan.shutdown.complete"
    await life


@in_loop
async def test_the_front_answers_events_itself_and_passes_the_rest_to_django() -> None:
    browser = Browser(front.application, "ticket=forged")
    await browser.request
    assert (browser.status, browser.headers[b"content-type"]) == (403, b"application/problem+json")
    page = Browser(front.application, path="/there-is-no-such-page")
    await page.request
    assert page.status == 404
    assert page.headers[b"content-type"].startswith(b"text/html")
