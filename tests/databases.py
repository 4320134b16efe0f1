"""Test databases are copies of a template that holds every migration.

The template stays on the server between runs; its comment is a digest of the migrations that made it,
and another digest makes it anew. Copying takes a fraction of the time of migrating.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeVar

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from psycopg import sql

from trassa.config import options

TEMPLATE = f"{options.TEST_DATABASE.read()}_template"
SOURCES = Path(__file__).parent.parent / "src" / "trassa"
#: Packages with migrations of their own, or that turn ours into SQL.
PACKAGES = ("django", "procrastinate")
#: Tables of Django about our models.
NOTES_ON_MODELS = {"django_content_type", "auth_permission"}
#: One process makes a template or copies it at a time. Any number will do.
_LOCK = 7_319_024

T = TypeVar("T")

#: Content types that a test made up: those of models have permissions.
_GUESTS = "DELETE FROM django_content_type WHERE id NOT IN (SELECT content_type_id FROM auth_permission)"
#: The tables of types and of their links, which no model knows.
_TYPE_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(r|l)_[0-9]+$'"
_DIGEST = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


class Lay(Protocol):
    """What the fixture `lay` gives: makes something for all tests of a module."""

    def __call__(self, build: Callable[[], T], /) -> T: ...


def migrations_digest() -> str:
    """What the tables of this version come from, in a word."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    for path in sorted(SOURCES.glob("**/migrations/*.py")):
        digest.update(f"{path.relative_to(SOURCES)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def copied_database(server: str, name: str) -> Iterator[None]:
    """A new database with all tables, which Django uses inside the block; gone afterwards."""
    with new_database(server, name), _used(name):
        yield


@contextmanager
def new_database(server: str, name: str) -> Iterator[None]:
    """A new database with all tables; gone afterwards.

    `server` is the conninfo of a database that always exists.
    """
    with _administrator(server) as admin:
        drop_database(admin, name)
        _make_template(admin)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(statement.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    try:
        yield
    finally:
        with _administrator(server) as admin:
            drop_database(admin, name)


def empty_tables() -> None:
    """Delete every row that a test may have committed, whatever foreign keys and triggers say.

    The tables of its types go with the views on them. Deleting is much cheaper than TRUNCATE, which
    makes new files for each table and each of its indexes. What Django notes about models stays: it
    never changes.
    """
    introspection = connections["default"].introspection
    names = set(introspection.django_table_names(only_existing=True, include_views=False))
    statements = [f'DELETE FROM "{name}"' for name in sorted(names - NOTES_ON_MODELS)]
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(_TYPE_TABLES)
        statements += [f"DROP TABLE {table} CASCADE" for (table,) in cursor.fetchall()]
        cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *statements, _GUESTS]))


def _make_template(admin: "psycopg.Connection[tuple[object, ...]]") -> None:
    digest = migrations_digest()
    if admin.execute(_DIGEST, [TEMPLATE]).fetchone() == (digest,):
        return
    drop_database(admin, TEMPLATE)
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    with _used(TEMPLATE):
        call_command("migrate", verbosity=0, interactive=False)
    # Comes last: a template whose making was interrupted has no digest.
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
    admin.execute(statement.format(sql.Identifier(TEMPLATE), sql.Literal(digest)))


@contextmanager
def _administrator(server: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection to make and drop databases with; others wait until it is closed."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield connection


def drop_database(admin: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Drop a database, whoever uses it, and the roles that may read its views."""
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    for role in (f"trassa_data_{name}", f"trassa_data_full_{name}"):
        admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


@contextmanager
def _used(name: str) -> Iterator[None]:
    """Point Django at another database of its server."""
    known = connections["default"].settings_dict
    before = known["NAME"], known["TEST"]["NAME"]
    _call(name, name)
    yield
    _call(*before)


def _call(name: str, test_name: str) -> None:
    connections["default"].close()
    for known in (connections["default"].settings_dict, settings.DATABASES["default"]):
        known["NAME"], known["TEST"]["NAME"] = name, test_name
