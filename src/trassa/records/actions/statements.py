"""Set-based statements, collected while a batch is stored and sent together in one round trip."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


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
            line = f"({', '.join(['%s'] * len(columns))})"
            self.insert_lines(table, columns, line, rows)

    def insert_lines(
        self, table: str, columns: Sequence[str], line: str, rows: Sequence[Sequence[Any]]
    ) -> None:
        """Add an INSERT whose VALUES lines are written as `line`."""
        if rows:
            lines = ", ".join([line] * len(rows))
            text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {lines}"
            self.add(text, [value for row in rows for value in row])

    def update(
        self,
        table: str,
        columns: Sequence[str],
        types: Sequence[str],
        rows: Sequence[tuple[int, dict[str, Any]]],
        key: str = "id",
    ) -> None:
        """Add an UPDATE of rows by their key column from a typed VALUES list of (id, row to be)."""
        if not rows or not columns:
            return
        line = ", ".join(f"%s::{sql_type}" for sql_type in types)
        values = ", ".join([f"(%s::bigint, {line})"] * len(rows))
        sets = ", ".join(f"{column} = v.{column}" for column in columns)
        text = (
            f"UPDATE {table} AS t SET {sets} FROM (VALUES {values}) AS v(id, {', '.join(columns)}) "
            f"WHERE t.{key} = v.id"
        )
        self.add(text, [value for id, after in rows for value in (id, *(after[name] for name in columns))])

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
