"""What every test stands on: a database of its own on a real PostgreSQL, and no generation left over.

With DATABASE_URL set, tests use that server; otherwise a throw-away one under var/tests is started.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import TransactionTestCase
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker
from tests.databases import Lay, T, copied_database, drop_database, empty_tables

from trassa.config import options
from trassa.config.database import database_conninfo, is_embedded
from trassa.config.postgres.processes import is_alive
from trassa.config.postgres.server import EmbeddedServer
from trassa.people.hashers import Argon2

hypothesis.settings.register_profile("quick", max_examples=15, deadline=None)

PASSWORD_COST: dict[str, int] = {}
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
def server(request: pytest.FixtureRequest) -> str:
    """Where databases are made: the throw-away server unless DATABASE_URL names another one."""
    if not is_embedded():
        return make_conninfo(database_conninfo(), dbname="postgres")
    postgres: EmbeddedServer = request.getfixturevalue("postgres")
    _drop_leftovers(postgres)
    connections["default"].settings_dict["HOST"] = str(postgres.place.sockets)
    return postgres.place.conninfo("postgres")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    server: str,
) -> Iterator[None]:
    """A database for this process."""
    process = getattr(request.config, "workerinput", {}).get("workerid", "")
    given = options.TEST_DATABASE.read()
    name = f"test_trassa_{os.getpid()}" if is_embedded() else "_".join(filter(None, (given, process)))
    with django_db_blocker.unblock(), copied_database(server, name), django_db_blocker.block():
        yield


def _drop_leftovers(server: EmbeddedServer) -> None:
    """Databases of test processes that were killed; the name ends with the number of the process."""
    with psycopg.connect(server.place.conninfo("postgres"), autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_trassa_[0-9]+$'")
        for (name,) in names.fetchall():
            if not is_alive(int(name.rpartition("_")[2])):
                drop_database(connection, name)


@pytest.fixture(scope="module")
def lay(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Lay]:
    """`lay(make_garage)` makes what all tests of a module stand on, once.

    One transaction lies around the whole module and is rolled back after it; each test's own is a
    savepoint inside. What is not rolled back, as the last number of a sequence, passes from test to test.
    """
    around = transaction.atomic()
    # As with the transaction around a test, `durable` blocks may stand inside.
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        around.__enter__()

    def make(build: Callable[[], T], /) -> T:
        with django_db_blocker.unblock():
            return build()

    yield make
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server. Where some tests of a module share their ground, all with a database must.

    Others would find things there that they did not make, or commit them.
    """
    modules: defaultdict[str, list[set[str]]] = defaultdict(list)
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & {"db", "transactional_db", "server", "postgres"} or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if names & {"db", "transactional_db"} or item.get_closest_marker("django_db"):
            marker = item.get_closest_marker("django_db")
            names |= {"transactional_db"} if marker and marker.kwargs.get("transaction") else set()
            modules[item.location[0]].append(names)
    for module, tests in modules.items():
        common = [names for names in tests if "lay" in names]
        if common and (len(common) < len(tests) or any("transactional_db" in names for names in common)):
            raise pytest.UsageError(f"{module}: either all tests with a database use `lay`, or none does")


@pytest.fixture(scope="session", autouse=True)
def _cheap_ways() -> Iterator[None]:
    """What costs much and is not the point of most tests.

    Passwords are hashed at the lowest cost, a new test client does not list all static files, and after
    a test that commits rows are deleted.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, cost in {"time_cost": 1, "memory_cost": 8}.items():
            PASSWORD_COST[name] = getattr(Argon2, name)
            patch.setattr(Argon2, name, cost)
        patch.setattr(settings, "WHITENOISE_AUTOREFRESH", True)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: empty_tables())
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_contents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Contents of files go to a folder of this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "TRASSA_FILES", tmp_path_factory.mktemp("files"))
        yield


@pytest.fixture
def full_password_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as in real life."""
    for name, cost in PASSWORD_COST.items():
        monkeypatch.setattr(Argon2, name, cost)


@pytest.fixture(autouse=True)
def _nothing_compiled() -> Iterator[None]:
    """What was compiled from rows must not outlive the test that wrote them."""
    yield
    if schema := sys.modules.get("trassa.schema.queries"):
        schema.reset_generation_cache()
    if access := sys.modules.get("trassa.access.queries"):
        access.forget_actors()
    if people := sys.modules.get("trassa.people.queries"):
        people.forget_calendars()
