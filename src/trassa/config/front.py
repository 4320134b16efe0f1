"""The front of one machine: answers /events itself and passes everything else to Django.

So pages, API and events share one address without a reverse proxy.
"""

from trassa.config import events, options
from trassa.config.bridge import ThreadBridge
from trassa.config.events import Message, Receive, Send
from trassa.config.wsgi import application as pages

_pages = ThreadBridge(pages, threads=options.WEB_THREADS.read(), most_bytes=options.most_request_bytes())


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """ASGI: events have the lifespan too; there are no web sockets."""
    if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] == events.PATH):
        await events.application(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
