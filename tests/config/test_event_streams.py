"""Fan-out of notices to open streams: permitted topics only, made once, never without bound."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import wraps

import pytest

from trassa.config import event_streams
from trassa.config.event_streams import EXPIRED, HEARTBEAT, MAILBOX_CHUNKS, RESYNC, EventStreams
from trassa.journal import Ticket


def in_loop(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    """Run a test inside an event loop."""

    @wraps(test)
    def run(*arguments: object, **named: object) -> None:
        asyncio.run(asyncio.wait_for(test(*arguments, **named), 5))

    return run


def ticket(*topics: str, seconds: float = 300) -> Ticket:
    return Ticket(frozenset(topics), time.time() + seconds)


@in_loop
async def test_a_stream_hears_its_own_topics_only() -> None:
    streams = EventStreams()
    mine, other = streams.open(ticket("t1.o7", "t2")), streams.open(ticket("t1.o8", "t2"))
    streams.announce('[["t1.o7",5,2],["t1",5,2],["t9",1,1]]')
    streams.announce('[["t2",6,1]]')
    assert await mine.take() == b'data: [["t1.o7",5,2],["t2",6,1]]\n\n'
    assert await other.take() == b'data: [["t2",6,1]]\n\n'


@in_loop
async def test_streams_with_the_same_topics_share_one_chunk() -> None:
    streams = EventStreams()
    opened = [streams.open(ticket("t1", "t2")) for _ in range(3)]
    streams.announce('[["t1",5,2]]')
    chunks = [await stream.take() for stream in opened]
    assert chunks[0] is chunks[1] is chunks[2]


@in_loop
async def test_of_several_versions_only_the_last_one_is_sent() -> None:
    streams = EventStreams()
    stream = streams.open(ticket("t1"))
    for version in (1, 2, 3):
        streams.announce(f'[["t1",5,{version}]]')
    assert await stream.take() == b'data: [["t1",5,3]]\n\n'
    assert stream.is_idle


@in_loop
async def test_a_changed_list_stands_for_everything_in_it() -> None:
    streams = EventStreams()
    stream = streams.open(ticket("t1"))
    streams.announce('[["t1",5,1],["t1",null,null],["t1",6,1]]')
    assert await stream.take() == b'data: [["t1",null,null]]\n\n'


@in_loop
async def test_a_browser_that_does_not_keep_up_is_told_to_fetch_anew() -> None:
    streams = EventStreams()
    slow = streams.open(ticket("t1"))
    for number in range(MAILBOX_CHUNKS + 1):
        slow.push(b"%d" % number)
    assert await slow.take() == RESYNC
    slow.push(b"again")
    assert await slow.take() == b"again"


@in_loop
async def test_heartbeats_take_turns() -> None:
    streams = EventStreams()
    opened = [streams.open(ticket("t1")) for _ in range(30)]
    for second in range(15):
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr(time, "monotonic", lambda second=second: 3_000.0 + second)
            streams.beat()
        assert sum(not stream.is_idle for stream in opened) == 2 * (second + 1)
    assert {await stream.take() for stream in opened} == {HEARTBEAT}


@in_loop
async def test_the_end_of_a_ticket_is_told_and_ends_the_stream() -> None:
    streams = EventStreams()
    expired, valid = streams.open(ticket("t1", seconds=-1)), streams.open(ticket("t1"))
    streams.beat()
    assert await expired.take() == EXPIRED
    assert await expired.take() is None
    assert len(streams) == 2
    assert valid.is_idle or await valid.take() == HEARTBEAT


@in_loop
async def test_a_stream_stuck_in_the_network_is_named() -> None:
    streams = EventStreams()
    stuck, _healthy = streams.open(ticket("t1")), streams.open(ticket("t1"))
    stuck.sending_since = time.monotonic() - event_streams.STUCK_SECONDS - 1
    assert streams.beat() == [stuck]


@in_loop
async def test_nothing_is_left_of_a_removed_stream() -> None:
    streams = EventStreams()
    first, second = streams.open(ticket("t1")), streams.open(ticket("t1"))
    streams.remove(first)
    streams.announce('[["t1",5,1]]')
    assert await second.take() == b'data: [["t1",5,1]]\n\n'
    streams.remove(second)
    streams.announce('[["t1",5,2]]')
    assert len(streams) == 0
    assert first.is_idle


@in_loop
async def test_a_busy_hour_is_delivered_in_fewer_and_larger_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "PAUSE_BASE", 0.1)
    streams = EventStreams()
    stream = streams.open(ticket("t1"))
    chunks = []
    for id in range(50):
        streams.announce(f'[["t1",{id},1]]')
        await asyncio.sleep(0.005)
        if not stream.is_idle:
            chunks.append(await stream.take())
    assert 1 <= len(chunks) <= 4
