"""What every test stands on: a database of its own on a real PostgreSQL, and no generation left over.

With DATABASE_URL set, tests use that server; otherwise a throw-away one under var/tests is started.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.db import connections
from psycopg import sql

from trassa.config.database import is_embedded
from trassa.config.postgres.processes import is_alive
from trassa.config.postgres.server import EmbeddedServer

hypothesis.settings.register_profile("quick", max_examples=15, deadline=None)

THROW_AWAY = Path(__file__).parent.parent / "var" / "tests"
_SERVER = pytest.StashKey[EmbeddedServer]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of several test processes the one that started them owns the server."""
    if is_embedded() and getattr(session.config.option, "numprocesses", None):
        server = EmbeddedServer(THROW_AWAY, durable=False)
        if server.start(tied=True):
            session.config.stash[_SERVER] = server


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop what `pytest_sessionstart` started."""
    if _SERVER in session.config.stash:
        session.config.stash[_SERVER].stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedServer]:
    """The throw-away server; runs share it one after the other, so it keeps its cluster but not its data."""
    server = EmbeddedServer(THROW_AWAY, durable=False)
    started = server.start(tied=True)
    yield server
    if started:
        server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Point Django at the throw-away server unless DATABASE_URL names another one."""
    if not is_embedded():
        return
    server: EmbeddedServer = request.getfixturevalue("postgres")
    _drop_leftovers(server)
    settings = connections["default"].settings_dict
    settings["HOST"] = str(server.place.sockets)
    settings["TEST"]["NAME"] = f"test_trassa_{os.getpid()}"


def _drop_leftovers(server: EmbeddedServer) -> None:
    """Databases of test processes that were killed; the name ends with the number of the process."""
    with psycopg.connect(server.place.conninfo("postgres"), autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_trassa_[0-9]+$'")
        for (name,) in names.fetchall():
            if not is_alive(int(name.rpartition("_")[2])):
                statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(statement.format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _fresh_generations() -> Iterator[None]:
    """Compiled generations must not outlive the test whose tables they describe."""
    yield
    queries = sys.modules.get("trassa.schema.queries")
    if queries:
        queries.reset_generation_cache()
