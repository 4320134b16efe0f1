"""Sends a message to an address of the outside world, and to nowhere else.

The name is resolved once, every address of it is looked at, and the connection goes to the very address that
was looked at: a name that changes its meaning meanwhile leads nowhere. Redirects are not followed. The
certificate is checked against the name.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from trassa.kernel import Forbidden, Unavailable

#: Seconds for connecting, and for each answer of the other side.
TIMEOUT = 10.0
#: Bytes of an answer that are kept.
MOST_READ = 2_000


class _PinnedHttps(http.client.HTTPSConnection):
    """A connection to one address under a name."""

    def __init__(self, name: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(name, port, timeout=TIMEOUT, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


class _PinnedHttp(http.client.HTTPConnection):
    """The same without encryption."""

    def __init__(self, name: str, port: int, address: str) -> None:
        super().__init__(name, port, timeout=TIMEOUT)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)


def send(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """POST a body; gives status and the beginning of the answer.

    Raises Forbidden for addresses inside the own network, Unavailable when nobody answers.
    """
    parts = urlsplit(url)
    name, is_safe = parts.hostname or "", parts.scheme == "https"
    try:
        port = parts.port or (443 if is_safe else 80)
        address = resolve(name, port)
        connection = (_PinnedHttps if is_safe else _PinnedHttp)(name, port, address)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_READ).decode(errors="replace")
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unavailable(f"{type(error).__name__}: {error}", code="not_reached") from error


def resolve(name: str, port: int) -> str:
    """The address behind a name; Forbidden when any of them lies inside."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    if not all(is_outside(address) for address in found):
        raise Forbidden(
            _("“%s” lies inside the own network. An administrator of the server may allow it.") % name,
            code="internal_address",
        )
    return found[0]


def is_outside(address: str) -> bool:
    """Whether an address is one of the public network, or allowed by setting."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if mapped is not None:
        return is_outside(str(mapped))
    if any(ip in network for network in settings.TRASSA_CALLS_INSIDE if network.version == ip.version):
        return True
    return ip.is_global and not ip.is_multicast
