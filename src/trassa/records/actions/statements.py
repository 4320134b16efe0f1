"""Set-based statements, collected while a batch is stored and sent together in one round trip.

Rows travel as one JSON parameter a statement, not as a list of VALUES with a parameter for every cell: short
texts are bound several times as fast, by the driver and by the database.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Field, Model


class Statements:
    """Statements with their parameters, in order."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._parameters: list[Any] = []

    def add(self, text: str, parameters: Sequence[Any]) -> None:
        """Add one statement."""
        self._texts.append(text)
        self._parameters += parameters

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add an INSERT of many rows; none when there are none."""
        if rows:
            self.add(insertion(table, columns), [rows_json(columns, rows)])

    def insert_computed(
        self, table: str, columns: Mapping[str, str], given: Mapping[str, str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Add an INSERT whose columns are SQL over `given`: the columns of the rows with their types."""
        if rows:
            types = ", ".join(f"{name} {sql_type}" for name, sql_type in given.items())
            text = (
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
                f" FROM json_to_recordset(%s) AS given ({types})"
            )
            self.add(text, [rows_json(tuple(given), rows)])

    def update(
        self,
        table: str,
        columns: Sequence[str],
        types: Sequence[str],
        rows: Sequence[tuple[int, dict[str, Any]]],
        key: str = "id",
    ) -> None:
        """Add an UPDATE of rows by their key column, from pairs of id and row to be."""
        if not rows or not columns:
            return
        sets = ", ".join(f"{column} = v.{column}" for column in columns)
        given = ", ".join(f"{column} {sql_type}" for column, sql_type in zip(columns, types, strict=True))
        text = (
            f"UPDATE {table} AS t SET {sets} FROM json_to_recordset(%s) AS v (the_id bigint, {given})"
            f" WHERE t.{key} = v.the_id"
        )
        lines = [(id, *(after[name] for name in columns)) for id, after in rows]
        self.add(text, [rows_json(("the_id", *columns), lines)])

    def update_models(self, rows: Sequence[Model], names: Sequence[str] | None = None) -> None:
        """Add an UPDATE of rows of one model, of the fields with these names or of all.

        For many rows: the statement of Django's `bulk_update` grows with rows and fields.
        """
        if not rows:
            return
        fields = columns_of(rows[0]).items()
        columns = {column: each for column, each in fields if names is None or each.name in names}
        types = [str(each.db_type(connection)) for each in columns.values()]
        values = [
            (row.pk, {column: getattr(row, each.attname) for column, each in columns.items()}) for row in rows
        ]
        self.update(rows[0]._meta.db_table, list(columns), types, values)

    def delete(self, table: str, key: str, ids: Sequence[int]) -> None:
        """Add a DELETE by ids; none when there are none."""
        if ids:
            self.add(f"DELETE FROM {table} WHERE {key} = ANY(%s)", [list(ids)])

    def run(self) -> None:
        """Send everything collected, and forget it."""
        if self._texts:
            with connection.cursor() as cursor:
                cursor.execute("; ".join(self._texts), self._parameters)
        self._texts, self._parameters = [], []


def insert_models(rows: Sequence[Model]) -> None:
    """Insert new rows of one model at once, and give each its id.

    For many rows: Django's `bulk_create` binds a parameter for every cell when a column holds JSON or a list.
    """
    if not rows:
        return
    columns = columns_of(rows[0])
    values = [[getattr(row, each.attname) for each in columns.values()] for row in rows]
    text = f"{insertion(rows[0]._meta.db_table, list(columns))} RETURNING id"
    with connection.cursor() as cursor:
        cursor.execute(text, [rows_json(list(columns), values)])
        for row, (id,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = id
            row._state.adding = False


def insertion(table: str, columns: Sequence[str]) -> str:
    """An INSERT of rows as `rows_json` gives them."""
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"


def columns_of(row: Model) -> dict[str, Field[Any, Any]]:
    """The fields of a model by their columns, without its key."""
    return {str(each.column): each for each in row._meta.concrete_fields if not each.primary_key}


def rows_json(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as the functions of PostgreSQL read them; empty columns are left out."""
    kept = [
        {name: value for name, value in zip(columns, row, strict=True) if value is not None} for row in rows
    ]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), default=plain)


def plain(value: Any) -> str:
    """Days, moments and numbers as texts that PostgreSQL reads; whatever else has no column."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no column holds {type(value).__name__}")
