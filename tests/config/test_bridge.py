"""Django in threads behind the ASGI front: bodies go in whole, answers come out whole or in pieces."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

from trassa.config import bridge, options
from trassa.config.bridge import ThreadBridge, Wsgi

SCOPE = {"type": "http", "method": "POST", "path": "/п", "query_string": b"a=1", "http_version": "1.1"}
MOST_BYTES = 2 * 1024**2

Headers = Sequence[tuple[bytes, bytes]]


def talk(
    application: Wsgi, *pieces: bytes, gone: bool = False, headers: Headers = ()
) -> list[dict[str, Any]]:
    """Send a body in pieces and collect what comes back."""
    incoming = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    incoming += [{"type": "http.disconnect"} if gone else {"type": "http.request", "body": b""}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return incoming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(
        ThreadBridge(application, threads=2, most_bytes=MOST_BYTES)(
            {**SCOPE, "headers": headers}, receive, send
        )
    )
    return sent


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("X-Query", environ["QUERY_STRING"])])
    return [environ["wsgi.input"].read()]


def test_a_body_in_pieces_reaches_the_application_whole():
    start, body = talk(echo, b"one ", b"two")
    assert (start["status"], start["headers"][1]) == (200, (b"x-query", b"a=1"))
    assert body == {"type": "http.response.body", "body": b"one two"}


def test_a_large_answer_comes_in_pieces_and_is_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bridge, "WHOLE_BYTES", 10)
    closed = []

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"x" * 8, b"y" * 8, b"z" * 8])

        def close(self) -> None:
            closed.append(True)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return Pieces()

    _start, *bodies = talk(application)
    assert b"".join(message["body"] for message in bodies) == b"x" * 8 + b"y" * 8 + b"z" * 8
    assert [message.get("more_body", False) for message in bodies] == [True, True, False]
    assert closed == [True]


def test_a_body_beyond_the_bound_is_refused():
    start, _body = talk(echo, b"x" * MOST_BYTES, b"y")
    assert start["status"] == 413


def test_an_announced_body_beyond_the_bound_is_not_even_read():
    length = str(MOST_BYTES + 1).encode()
    start, body = talk(echo, headers=[(b"content-length", length)], gone=True)
    assert start["status"] == 413
    assert "больше 2 МБ" in body["body"].decode()


def test_a_file_of_the_largest_size_always_fits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRASSA_FILE_MEGABYTES", "600")
    assert options.most_request_bytes() > 600 * 1024**2
    monkeypatch.setenv("TRASSA_UPLOAD_MEGABYTES", "900")
    assert options.most_request_bytes() == 900 * 1024**2


def test_a_client_that_leaves_while_sending_reaches_nobody():
    called = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        called.append(environ)
        return []

    talk(application, b"half", gone=True)
    assert called == []
