"""Sends a message to an address of the outside world, and to nowhere else.

The name is resolved once, every address of it is looked at, and the connection goes to the very ones that
were looked at: a name that changes its meaning meanwhile leads nowhere. Redirects are not followed. The
certificate is checked against the name. However slowly the other side speaks, a call ends in time.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from trassa.kernel import Forbidden, Unavailable

#: Seconds for connecting, and for each word of the other side.
TIMEOUT = 10.0
#: Seconds for all that it says.
DEADLINE = 30.0
#: Bytes of an answer that are kept.
MOST_READ = 2_000
#: Addresses of a name that are tried.
MOST_ADDRESSES = 4
#: IPv6 networks whose addresses end with the IPv4 address that they lead to: NAT64, formerly "compatible".
CARRYING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: its status, its head, the beginning of its body."""

    status: int
    head: Sequence[tuple[str, str]] = ()
    text: str = ""

    def find(self, name: str) -> str:
        """The value of a line of the head; "" without one."""
        return next((value for each, value in self.head if each.lower() == name.lower()), "")


class _PinnedHttps(http.client.HTTPSConnection):
    """A connection to known addresses under a name."""

    def __init__(self, name: str, port: int, addresses: Sequence[str]) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(name, port, timeout=TIMEOUT, context=self._tls)
        self._addresses = addresses

    def connect(self) -> None:
        self.sock = self._tls.wrap_socket(reach(self._addresses, self.port), server_hostname=self.host)


class _PinnedHttp(http.client.HTTPConnection):
    """The same without encryption."""

    def __init__(self, name: str, port: int, addresses: Sequence[str]) -> None:
        super().__init__(name, port, timeout=TIMEOUT)
        self._addresses = addresses

    def connect(self) -> None:
        self.sock = reach(self._addresses, self.port)


def send(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST a body; a redirect is an answer like any other.

    Raises Forbidden for addresses inside the own network, Unavailable when nobody answers.
    """
    parts = urlsplit(url)
    name, is_safe = parts.hostname or "", parts.scheme == "https"
    try:
        port = parts.port or (443 if is_safe else 80)
        connection = (_PinnedHttps if is_safe else _PinnedHttp)(name, port, resolve(name, port))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with in_time(connection):
            connection.request("POST", target, body, dict(headers))
            answer = connection.getresponse()
            text = answer.read(MOST_READ).decode(errors="replace")
        return Answer(answer.status, answer.getheaders(), text)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unavailable(f"{type(error).__name__}: {error}", code="not_reached") from error


@contextmanager
def in_time(connection: http.client.HTTPConnection) -> Iterator[None]:
    """Cut a connection off when its time is over, and close it in any case; raises TimeoutError then."""
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    guard = threading.Timer(DEADLINE, cut)
    guard.start()
    try:
        yield
        if is_over.is_set():
            raise TimeoutError(f"longer than {DEADLINE:.0f} s")
    finally:
        guard.cancel()
        connection.close()


def reach(addresses: Sequence[str], port: int) -> socket.socket:
    """A connection to the first of these addresses that answers."""
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), TIMEOUT)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), TIMEOUT)


def resolve(name: str, port: int) -> list[str]:
    """The addresses behind a name; Forbidden when any of them lies inside."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    if not all(is_outside(address) for address in found):
        raise Forbidden(
            _("“%s” lies inside the own network. An administrator of the server may allow it.") % name,
            code="internal_address",
        )
    return list(dict.fromkeys(found))[:MOST_ADDRESSES]


def is_outside(address: str) -> bool:
    """Whether an address is one of the public network, or allowed by setting."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = carried_by(ip)
    if inner is not None:
        return is_outside(str(inner))
    if any(ip in network for network in settings.TRASSA_CALLS_INSIDE if network.version == ip.version):
        return True
    return ip.is_global and not ip.is_multicast


def carried_by(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to, if it is one of those."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    known = ip.ipv4_mapped or ip.sixtofour
    if known is None and any(ip in network for network in CARRYING) and ip.packed[-4:] > b"\0\0\0\1":
        return ipaddress.IPv4Address(ip.packed[-4:])
    return known
