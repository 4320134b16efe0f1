"""The front of one machine: answers /events itself and passes everything else to Django.

So pages, API and events share one address without a reverse proxy.
"""

from a2wsgi import WSGIMiddleware

from trassa.config import events, options
from trassa.config.events import Message, Receive, Send
from trassa.config.wsgi import application as pages

# Django's handler is a WSGI application though its types do not say so.
_pages = WSGIMiddleware(pages, workers=options.WEB_THREADS.read())  # type: ignore[arg-type]


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """ASGI: events have the lifespan too; there are no web sockets."""
    if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] == events.PATH):
        await events.application(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]


def _as_coroutine(receive: Receive) -> Receive:
    """Granian's `receive` gives a future; a2wsgi, which waits from another thread, takes only coroutines."""

    async def receive_one() -> Message:
        return await receive()

    return receive_one
