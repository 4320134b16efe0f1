"""Migrations make exactly the tables that the models describe, and lead back again."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker
from tests.architecture.source import PACKAGE
from tests.databases import copied_database

TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
    WHERE nspname = 'public' AND relkind IN ('r', 'S', 'v')
"""


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    missing = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=missing, verbosity=3)
    except SystemExit:
        pytest.fail(missing.getvalue())


@pytest.mark.slow
@pytest.mark.usefixtures("django_db_setup")
def test_migrations_lead_back_and_forth(server: str, django_db_blocker: DjangoDbBlocker) -> None:
    ours = {path.parts[-3] for path in PACKAGE.glob("*/migrations/0001_*.py")}
    own = tuple(f"{label}_" for label in ours)
    name = f"{connection.settings_dict['NAME']}_back"
    with django_db_blocker.unblock(), copied_database(server, name):
        before = tables()
        for label in ours:
            call_command("migrate", label, "zero", verbosity=0)
        assert not {table for table in tables() if table.startswith(own)}
        call_command("migrate", verbosity=0)
        assert tables() == before
