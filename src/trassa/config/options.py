"""Everything that can be set from outside, with its default and meaning.

The settings reference of the documentation is made from these objects. Trassa is configured by
environment variables only; `settings` reads them here.
"""

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


class BadOption(Exception):
    """An environment variable has a value that cannot be used."""


@dataclass(frozen=True)
class Option(Generic[T]):
    """One environment variable."""

    name: str
    #: Written the way a person would set it.
    default: str
    meaning: str
    parse: Callable[[str], T]

    def read(self, environ: Mapping[str, str] = os.environ) -> T:
        """The value set, or the default; an empty variable counts as not set."""
        raw = environ.get(self.name) or self.default
        try:
            return self.parse(raw)
        except ValueError as problem:
            raise BadOption(f"{self.name}={raw!r}: {problem}") from None


def parse_flag(raw: str) -> bool:
    """1, true, yes, on — or 0, false, no, off."""
    word = raw.lower()
    if word not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError("expected yes or no")
    return word in {"1", "true", "yes", "on"}


def parse_count(raw: str) -> int:
    """A whole number, at least 1."""
    number = int(raw)
    if number < 1:
        raise ValueError("expected a number of at least 1")
    return number


def parse_list(raw: str) -> list[str]:
    """Comma-separated words."""
    return [word.strip() for word in raw.split(",") if word.strip()]


def parse_networks(raw: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Comma-separated networks or addresses."""
    return [ipaddress.ip_network(word) for word in parse_list(raw)]


def parse_folder(raw: str) -> Path:
    """A folder, absolute from here on."""
    return Path(raw).expanduser().resolve()


def parse_mail_server(raw: str) -> str:
    """smtp://user:password@host:587, smtps://…:465 or smtp+plain://…:25; empty for none."""
    parts = urlsplit(raw)
    if raw and (parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname):
        raise ValueError("expected smtp://user:password@host:587, smtps://… or smtp+plain://…")
    _port = parts.port
    return raw


def parse_sender(raw: str) -> str:
    """An address of e-mail, perhaps with a name before it."""
    if raw and "@" not in parseaddr(raw)[1]:
        raise ValueError("expected an address such as Trassa <crm@example.ru>")
    return raw


def parse_site(raw: str) -> str:
    """https://crm.example.ru, without what may stand behind it."""
    parts = urlsplit(raw)
    if raw and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("expected an address such as https://crm.example.ru")
    return f"{parts.scheme}://{parts.netloc}" if raw else ""


DATA = Option(
    "TRASSA_DATA",
    "var",
    "Folder of everything that must survive: the embedded database, the secret key, files, logs.",
    parse_folder,
)
DATABASE_URL = Option(
    "DATABASE_URL",
    "",
    "PostgreSQL 15 or newer, as postgresql://user:password@host:port/name. Empty: the embedded server.",
    str,
)
DATABASE_DIRECT_URL = Option(
    "DATABASE_DIRECT_URL",
    "",
    "The same database past a pooler, for LISTEN, the worker and changes of tables. Empty: DATABASE_URL.",
    str,
)
POSTGRES_BIN = Option(
    "TRASSA_POSTGRES_BIN",
    "",
    "Folder of initdb and postgres for the embedded server. Empty: the bundled one, else the newest one.",
    str,
)
POSTGRES_USER = Option(
    "TRASSA_POSTGRES_USER",
    "",
    "System user the embedded server runs as when Trassa is started by root. Empty: postgres, else nobody.",
    str,
)
SECRET_KEY = Option(
    "TRASSA_SECRET_KEY",
    "",
    "Signs sessions and tickets and seals secrets; the same on every node. Empty: made once and kept in the "
    "data folder.",
    str,
)
FORMER_SECRET_KEYS = Option(
    "TRASSA_FORMER_SECRET_KEYS",
    "",
    "What `TRASSA_SECRET_KEY` was before, separated by commas: what it signed and sealed is still valid.",
    parse_list,
)
HOSTS = Option(
    "TRASSA_HOSTS",
    "localhost,127.0.0.1,[::1]",
    "Host names under which browsers reach Trassa, separated by commas.",
    parse_list,
)
HTTPS = Option(
    "TRASSA_HTTPS",
    "no",
    "Browsers reach Trassa by https through a proxy that sets X-Forwarded-Proto: secure cookies, HSTS.",
    parse_flag,
)
PROXIES = Option(
    "TRASSA_PROXIES",
    "0",
    "Reverse proxies in front, each of which adds the address it saw to X-Forwarded-For.",
    int,
)
ADDRESS = Option("TRASSA_ADDRESS", "127.0.0.1", "Address to listen on.", str)
PORT = Option("TRASSA_PORT", "8000", "Port to listen on.", parse_count)
WEB_PROCESSES = Option("TRASSA_WEB_PROCESSES", "2", "Processes that answer pages and the API.", parse_count)
WEB_THREADS = Option("TRASSA_WEB_THREADS", "8", "Requests that a web process works on at once.", parse_count)
JOBS_AT_ONCE = Option("TRASSA_JOBS_AT_ONCE", "4", "Background jobs that a worker runs at once.", parse_count)
LANGUAGE = Option("TRASSA_LANGUAGE", "ru", "Language before a person has chosen one: ru or en.", str)
COMPANY_ZONE = Option(
    "TRASSA_COMPANY_ZONE",
    "Europe/Moscow",
    "Time zone in which the company's days begin: dates, today, deadlines, reports.",
    str,
)
API_REQUESTS_PER_MINUTE = Option(
    "TRASSA_API_REQUESTS_PER_MINUTE",
    "12000",
    "Requests of one token (or one signed-in page) that each process answers in a minute.",
    parse_count,
)
FILES = Option(
    "TRASSA_FILES",
    "",
    "Folder of the contents of files; the same for every node. Empty: `files` in the data folder.",
    str,
)
FILE_MEGABYTES = Option(
    "TRASSA_FILE_MEGABYTES", "100", "Largest file that is taken, in megabytes.", parse_count
)
UPLOAD_MEGABYTES = Option(
    "TRASSA_UPLOAD_MEGABYTES",
    "250",
    "Largest request that is taken, in megabytes; never less than a file of the largest size needs.",
    parse_count,
)
REMOVED_DAYS = Option(
    "TRASSA_REMOVED_DAYS",
    "30",
    "Days after which removed files and the texts of deleted comments are gone for good.",
    parse_count,
)
CALLS_INSIDE = Option(
    "TRASSA_CALLS_INSIDE",
    "",
    "Networks inside which web hooks may call, such as 10.0.5.0/24, separated by commas; others are refused.",
    parse_networks,
)
SITE = Option(
    "TRASSA_SITE",
    "",
    "Where browsers reach Trassa, for links in letters: https://crm.example.ru. Empty: the first of "
    "TRASSA_HOSTS.",
    parse_site,
)
MAIL_SERVER = Option(
    "TRASSA_MAIL_SERVER",
    "",
    "Where letters are handed over: smtp://user:password@host:587 (becomes encrypted), smtps://…:465 or "
    "smtp+plain://…:25 (never is). Empty: no letters are sent.",
    parse_mail_server,
)
MAIL_FROM = Option(
    "TRASSA_MAIL_FROM",
    "",
    "Sender of letters: Trassa <crm@example.ru>. Empty: trassa at the host of TRASSA_SITE.",
    parse_sender,
)
SESSION_DAYS = Option("TRASSA_SESSION_DAYS", "14", "Days after which a person signs in again.", parse_count)
LOG_LEVEL = Option("TRASSA_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR.", str.upper)
DEBUG = Option("TRASSA_DEBUG", "no", "Django's debug pages; for development only.", parse_flag)
TEST_DATABASE = Option("TRASSA_TEST_DATABASE", "test_trassa", "Name of the database that tests create.", str)


def most_request_bytes() -> int:
    """Largest request: as many bytes as are set, and always room for one file with what is around it."""
    return max(UPLOAD_MEGABYTES.read(), FILE_MEGABYTES.read() + 1) * 1024**2


def site() -> str:
    """Where browsers reach Trassa: as set, or the first host with the port that is listened on."""
    if given := SITE.read():
        return given
    if HTTPS.read():
        return f"https://{HOSTS.read()[0]}"
    return f"http://{HOSTS.read()[0]}:{PORT.read()}"


OPTIONS: tuple[Option[object], ...] = tuple(
    option for option in list(globals().values()) if isinstance(option, Option)
)
