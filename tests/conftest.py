"""What every test stands on: a database of its own on a real PostgreSQL, and no generation left over.

With DATABASE_URL set, tests use that server; otherwise a throw-away one under var/tests is started.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from trassa.config.database import is_embedded
from trassa.config.postgres.server import EmbeddedServer

THROW_AWAY = Path(__file__).parent.parent / "var" / "tests"


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
    """Databases of runs that were killed."""
    left = (
        "SELECT datname FROM pg_database d WHERE datname LIKE 'test\\_%'"
        " AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = d.oid)"
    )
    with psycopg.connect(server.place.conninfo("postgres"), autocommit=True) as connection:
        for (name,) in connection.execute(left).fetchall():
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _fresh_generations() -> Iterator[None]:
    """Compiled generations must not outlive the test whose tables they describe."""
    yield
    queries = sys.modules.get("trassa.schema.queries")
    if queries:
        queries.reset_generation_cache()
