"""What the tables look like in PostgreSQL's catalogue."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from trassa.schema.tables.shapes import LIVE, ActualTable, Column, ForeignKey, Index

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relname = ANY(%s) AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname, a.attnum
"""
_INDEXES = """
SELECT t.relname, i.relname, m.amname, x.indisunique, x.indisprimary, x.indisvalid,
       coalesce(pg_get_expr(x.indpred, x.indrelid), ''), x.indnkeyatts,
       array(SELECT a.attname || CASE WHEN k.n <= x.indnkeyatts AND x.indoption[k.n - 1] & 1 = 1
                                      THEN ' DESC' ELSE '' END
             FROM unnest(x.indkey::int[]) WITH ORDINALITY AS k(attnum, n)
             JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum ORDER BY k.n)
FROM pg_index x
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_am m ON m.oid = i.relam
WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace AND NOT x.indisexclusion
"""
_CONSTRAINTS = """
SELECT t.relname, c.conname, c.contype, c.convalidated, c.confdeltype = 'c', coalesce(f.relname, ''),
       array(SELECT a.attname FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, n)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.n),
       array(SELECT a.attname FROM unnest(c.confkey) WITH ORDINALITY AS k(attnum, n)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.n)
FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
LEFT JOIN pg_class f ON f.oid = c.confrelid
WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace
  AND c.contype IN ('p', 'f', 'c', 'x')
"""
_SEQUENCES = """
SELECT t.relname, s.relname
FROM pg_depend d
JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_class t ON t.oid = d.refobjid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
  AND t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace
"""

_VIEWS = """
SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname = %s
"""


def actual_tables(names: Iterable[str]) -> dict[str, ActualTable]:
    """Those of the named tables that exist; four SQL statements, however many tables."""
    wanted = list(names)
    columns = grouped(_COLUMNS, wanted)
    indexes = grouped(_INDEXES, wanted)
    constraints = grouped(_CONSTRAINTS, wanted)
    sequences = grouped(_SEQUENCES, wanted)
    return {
        name: make_table(name, rows, indexes[name], constraints[name], sequences[name])
        for name, rows in columns.items()
    }


def table_names_like(prefix: str) -> set[str]:
    """Tables that follow our naming, such as every `r_<number>`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s"
            " AND relnamespace = current_schema()::regnamespace",
            [rf"^{prefix}_[0-9]+$"],
        )
        return {str(name) for (name,) in cursor.fetchall()}


def existing_views(schema: str) -> dict[str, str]:
    """Names of the views that are there with the digests in their comments."""
    with connection.cursor() as cursor:
        cursor.execute(_VIEWS, [schema])
        return dict(cursor.fetchall())


def grouped(statement: str, names: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of a catalogue query by the table's name, which comes first."""
    groups: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, [names])
        for name, *row in cursor.fetchall():
            groups[name].append(tuple(row))
    return groups


def make_table(
    name: str,
    columns: list[tuple[Any, ...]],
    indexes: list[tuple[Any, ...]],
    constraints: list[tuple[Any, ...]],
    sequences: list[tuple[Any, ...]],
) -> ActualTable:
    """Put the catalogue's rows of one table together."""
    keys = [row for row in constraints if row[1] == "f"]
    primary = [row for row in constraints if row[1] == "p"]
    return ActualTable(
        name=name,
        columns={row[0]: Column(*row) for row in columns},
        primary_key=tuple(primary[0][5]) if primary else (),
        indexes={row[0]: make_index(row) for row in indexes if not row[3] and row[4]},
        invalid_indexes=frozenset(row[0] for row in indexes if not row[4]),
        foreign_keys={
            row[0]: ForeignKey(row[0], tuple(row[5]), row[4], tuple(row[6]), cascade=row[3]) for row in keys
        },
        unvalidated=frozenset(row[0] for row in keys if not row[2]),
        checks=frozenset(row[0] for row in constraints if row[1] == "c"),
        exclusions=frozenset(row[0] for row in constraints if row[1] == "x"),
        sequences=frozenset(row[0] for row in sequences),
    )


def make_index(row: tuple[Any, ...]) -> Index:
    name, method, unique, _primary, _valid, predicate, key_count, columns = row
    return Index(
        name=name,
        columns=tuple(columns[:key_count]),
        include=tuple(columns[key_count:]),
        unique=unique,
        live_only=predicate == LIVE,
        method=method,
    )
