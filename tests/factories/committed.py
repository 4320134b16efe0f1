"""Cleaning up after tests that commit: the tables of types are not known to Django's flush."""

from django.db import connection

_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(r|l)_[0-9]+$'"


def drop_type_tables() -> None:
    """Drop every table of a type and of its links, with the views on them."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {table} CASCADE")
