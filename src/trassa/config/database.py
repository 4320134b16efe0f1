"""Where PostgreSQL is: DATABASE_URL, or the socket of the embedded server in the data folder."""

from typing import Any

from django.db import connections
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from trassa.config import options
from trassa.config.postgres.place import EmbeddedPlace


def database_conninfo() -> str:
    """How to reach the database in psycopg's form."""
    given = options.DATABASE_URL.read()
    return given or EmbeddedPlace(options.DATA.read()).conninfo()


def direct_conninfo() -> str:
    """The same database past a pooler: for LISTEN, the worker and changes of tables."""
    return options.DATABASE_DIRECT_URL.read() or database_conninfo()


def is_embedded() -> bool:
    """True when Trassa runs its own server."""
    return not options.DATABASE_URL.read()


def database_settings(conninfo: str | None = None) -> dict[str, Any]:
    """Django's entry for the database. Connections live as long as their thread."""
    parts = conninfo_to_dict(make_conninfo(conninfo or database_conninfo()))
    names = ("dbname", "user", "password", "host", "port")
    known = {name: str(parts.pop(name, None) or "") for name in names}
    return {
        "ENGINE": "trassa.config.database_backend",
        "NAME": known["dbname"],
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": known["port"],
        "OPTIONS": parts,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A pooler gives each transaction another server connection, so a cursor cannot outlive one.
        "DISABLE_SERVER_SIDE_CURSORS": bool(options.DATABASE_DIRECT_URL.read()),
        "TEST": {"NAME": options.TEST_DATABASE.read()},
    }


def use_direct_database() -> None:
    """From here on this process goes past the pooler, for the worker and for changes of tables."""
    if options.DATABASE_DIRECT_URL.read():
        connections.close_all()
        connections.settings["default"].update(database_settings(direct_conninfo()))
