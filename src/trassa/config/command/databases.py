"""The database while a command runs: the embedded server is started when it rests, and stopped afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from trassa.config import options
from trassa.config.database import database_settings, is_embedded, use_direct_database
from trassa.config.postgres.server import EmbeddedServer
from trassa.schema.actions import renew_tables


@contextmanager
def running_database() -> Iterator[EmbeddedServer | None]:
    """Yields the embedded server when this call started it."""
    server = EmbeddedServer(options.DATA.read()) if is_embedded() else None
    if not server or not server.start(tied=True):
        yield None
        return
    try:
        yield server
    finally:
        connections.close_all()
        server.stop()


@contextmanager
def throwaway_database() -> Iterator[None]:
    """An embedded server with empty tables, and an empty store of files, for the block; gone afterwards."""
    with TemporaryDirectory(prefix="trassa-") as folder:
        server = EmbeddedServer(Path(folder) / "data", durable=False)
        server.start(tied=True)
        here, files = dict(connections.settings["default"]), settings.TRASSA_FILES
        _use(database_settings(server.place.conninfo()))
        settings.TRASSA_FILES = Path(folder) / "files"
        try:
            call_command("migrate", interactive=False, verbosity=0)
            yield
        finally:
            _use(here)
            settings.TRASSA_FILES = files
            server.stop()


def _use(database: dict[str, Any]) -> None:
    connections.close_all()
    connections.settings["default"].update(database)


def has_pending_migrations() -> bool:
    """Whether the tables are older than the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> bool:
    """Bring the tables up to the code; True when there was something to do."""
    if not has_pending_migrations():
        return False
    use_direct_database()
    call_command("migrate", interactive=False, verbosity=0)
    renew_tables()
    return True
