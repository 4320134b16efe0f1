"""URL: an address on the web, http or https only. One page has one spelling.

Hosts are kept as the network knows them (Punycode) and shown in Cyrillic only when every letter of them is
Cyrillic, the top-level domain included: a Latin name with one Cyrillic letter in it is a trap.
"""

import ipaddress
import re
import unicodedata
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

LONGEST = 2000
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
#: "javascript:", "mailto:" and other schemes, but not a host with a port.
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:(?!\d)|//", re.IGNORECASE)
_NAME = re.compile(r"(?!-)[a-z0-9_\-]{1,63}(?<!-)")
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: Parameters that say where a visitor came from, not what the page is.
_TRACES = re.compile(r"utm_|yclid$|gclid$|fbclid$", re.IGNORECASE)


class Url(Text):
    code = "url"
    label = gettext_lazy("Web address")
    icon = "world"
    settings = ()
    searchable = False
    keyed = True
    style = "site"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        text = clean_text(raw, max_length=LONGEST)
        if not text:
            return None
        url = normalise_url(text)
        if len(url) > LONGEST:
            raise ValueRefused("too_long", _("Write at most %s characters.") % LONGEST)
        return url

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "uri", "maxLength": LONGEST}

    def form(self, field: FieldSpec) -> FormControl:
        attributes = {
            "inputmode": "url",
            "autocomplete": "off",
            "maxlength": str(LONGEST),
            "spellcheck": "false",
        }
        return FormControl("text", attributes)

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return readable_url(value) if value else ""

    def href(self, value: Any) -> str:
        return str(value)

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (url_key(value),)


def normalise_url(text: str) -> str:
    """An http(s) address in one spelling; raises ValueRefused. "Auto.ru/cars" → "https://auto.ru/cars"."""
    refused = ValueRefused("invalid_url", _("Write a web address such as https://example.com/page."))
    written = _SCHEME.match(text) is not None
    if not written and _OTHER_SCHEME.match(text):
        raise ValueRefused("invalid_url", _("A web address begins with https:// or http://."))
    if "\\" in text or " " in text:
        raise refused
    try:
        parts = urlsplit(text if written else f"https://{text}")
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.username is not None or parts.password is not None:
        raise ValueRefused("url_password", _("Remove the name and password from the address."))
    host = normalise_host(parts.hostname or "")
    if host is None or (not written and "." not in host):
        raise refused
    place = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    rest = SplitResult("", "", parts.path or "/", parts.query, parts.fragment).geturl()
    return f"{parts.scheme}://{place}{iri_to_uri(rest)}"


def normalise_host(host: str) -> str | None:
    """A host in lower case and Punycode, or an IP address; None for what is neither."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return f"[{address}]" if address.version == 6 else str(address)
    try:
        name = unicodedata.normalize("NFKC", host).lower().rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    known = bool(name) and len(name) <= 253 and all(map(_NAME.fullmatch, name.split(".")))
    return name if known else None


def readable_url(url: str) -> str:
    """The address with a Cyrillic host and path as people write them; opens the same page when pasted."""
    parts = urlsplit(url)
    host, colon, port = parts.netloc.partition(":")
    rest = SplitResult("", "", *(readable_part(part) for part in parts[2:])).geturl()
    place = f"{readable_host(host)}{colon}{port}"
    return f"{parts.scheme}://{place}{'' if rest == '/' else rest}"


def readable_host(host: str) -> str:
    """A host decoded from Punycode when all of its letters are Cyrillic, otherwise as it is."""
    try:
        decoded = host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
    letters = (letter for letter in decoded if letter.isalpha())
    return decoded if all(unicodedata.name(each, "").startswith("CYRILLIC") for each in letters) else host


def readable_part(text: str) -> str:
    """A part of an address with its Cyrillic letters decoded; everything else stays as it is."""
    return re.sub(r"(?:%D[01]%[89AB][0-9A-F])+", lambda found: unquote(found[0]), text, flags=re.IGNORECASE)


def url_key(url: str) -> str:
    """What two spellings of one page share: no scheme, no www, no traces of advertising, no last slash."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACES.match(pair[0])]
    path = f"{parts.netloc.removeprefix('www.')}{parts.path}".rstrip("/")
    return f"{path}?{urlencode(query)}" if query else path
