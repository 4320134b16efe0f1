"""Runs a WSGI application in threads behind an ASGI server: one hop into a thread and one back a request.

a2wsgi, whose `build_environ` is used here, goes back and forth for every piece of body and answer; with
one client that took a third of the time of a short request. Bodies are read before the thread is taken,
so a slow sender holds no thread.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from a2wsgi.wsgi import build_environ

from trassa.config.events import Message, Receive, Send

#: Bodies beyond this go to a file.
MEMORY_BYTES = 1024 * 1024
#: Answers up to this are sent whole, larger ones piece by piece.
WHOLE_BYTES = 4 * 1024 * 1024

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Answer:
    """What a WSGI application answered: all of it, or the first piece and an iterator of the rest."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


class ThreadBridge:
    """An ASGI application that answers http requests with a WSGI one.

    A body beyond `most_bytes` is refused, before it is read when its length is announced.
    """

    def __init__(self, application: Wsgi, *, threads: int, most_bytes: int) -> None:
        self._application = application
        self._most_bytes = most_bytes
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        announced = announced_length(scope)
        body = await read_body(receive, self._most_bytes) if announced <= self._most_bytes else None
        if body is None:
            await refuse(send, self._most_bytes)
            return
        with body:
            environ: Any = build_environ(scope, body)  # type: ignore[arg-type]
            answer = await self._in_thread(lambda: self._answer(environ))
            try:
                await self._send(answer, send)
            finally:
                if answer.rest is not None:
                    await self._in_thread(answer.close)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        """In a thread: call the application, and gather its answer unless it is large."""
        answer = Answer(500, [], b"")

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            answer.status = int(status.split(" ", 1)[0])
            answer.headers = [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers]

        pieces = self._application(environ, start)
        close = getattr(pieces, "close", lambda: None)
        rest = iter(pieces)
        whole = bytearray()
        for piece in rest:
            whole += piece
            if len(whole) > WHOLE_BYTES:
                answer.rest, answer.close = rest, close
                break
        answer.content = bytes(whole)
        if answer.rest is None:
            close()
        return answer

    async def _send(self, answer: Answer, send: Send) -> None:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if answer.rest is None:
            await send({"type": "http.response.body", "body": answer.content})
            return
        await send({"type": "http.response.body", "body": answer.content, "more_body": True})
        while (piece := await self._in_thread(lambda: next(answer.rest or iter(()), None))) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, work)


def announced_length(scope: Message) -> int:
    """The length that the client says its body has; 0 when it says nothing that is a number."""
    length = next((value for name, value in scope.get("headers", ()) if name == b"content-length"), b"")
    return int(length) if length.isdigit() else 0


async def read_body(receive: Receive, most_bytes: int) -> IO[bytes] | None:
    """The whole body, at its beginning; None when it is too large or the client has gone."""
    body: IO[bytes] = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - closed by the caller
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or size > most_bytes:
            body.close()
            return None
        body.write(message.get("body", b""))
        more = message.get("more_body", False)
    body.seek(0)
    return body


async def refuse(send: Send, most_bytes: int) -> None:
    """Say that the body is too large; a client that has gone does not hear it."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    megabytes = most_bytes // 1024**2
    words = f"Запрос больше {megabytes} МБ. This request is larger than {megabytes} MB.\n"
    await send({"type": "http.response.body", "body": words.encode()})
