"""SQL of the views for reports: `data.car` without bin and restricted fields, `data_full.car` with both.

Columns are named by codes. A choice is its code with `<code>_label` beside it, a reference the name or
title with `<code>_id` beside it, many links an array of ids.
"""

import hashlib
from collections.abc import Callable, Mapping

from trassa.schema.formulas import is_live_row, restricted_ids
from trassa.schema.kept_lookups import with_kept_lookups
from trassa.schema.metadata import Metadata, Row
from trassa.schema.registries import field_kinds

SCHEMAS = ("data", "data_full")
#: Joins that the base columns need; `r` is the type's table.
_BASE_JOINS = """
LEFT JOIN schema_pipeline p ON p.id = r.pipeline_id
LEFT JOIN schema_stage s ON s.id = r.stage_id
LEFT JOIN schema_reason a ON a.id = r.reason_id
LEFT JOIN people_person o ON o.id = r.owner_id
LEFT JOIN people_department d ON d.id = r.department_id
"""
_BASE = {
    "id": "r.id",
    "number": "r.number",
    "title": "r.title",
    "pipeline": "p.code",
    "stage": "s.code",
    "stage_entered_at": "r.stage_entered_at",
    "stage_due_at": "r.stage_due_at",
    "reason": "a.code",
    "owner": "o.name",
    "owner_id": "r.owner_id",
    "department": "d.name",
    "department_id": "r.department_id",
    "created_at": "r.created_at",
    "updated_at": "r.updated_at",
}


def view_statements(metadata: Metadata, schema: str) -> dict[str, str]:
    """The SELECT behind each view of a schema, by the code of its type."""
    full = schema == "data_full"
    return {
        row["code"]: view_statement(row, visible_fields(row["id"], metadata, restricted=full), full=full)
        for row in metadata.types
        if not row["retired_at"]
    }


def view_digests(statements: Mapping[str, str]) -> dict[str, str]:
    """What the comment of each view says when the view is up to date."""
    return {code: hashlib.sha256(select.encode()).hexdigest() for code, select in statements.items()}


def visible_fields(type_id: int, metadata: Metadata, *, restricted: bool) -> list[Row]:
    """Fields that a view shows; not those whose values lie in another room."""
    rows = with_kept_lookups(metadata.fields)
    by_id = {row["id"]: row for row in rows}
    hidden = restricted_ids(rows)
    return [
        with_shown(row, by_id)
        for row in rows
        if row["type_id"] == type_id
        and not row["retired_at"]
        and (restricted or is_open(row, hidden))
        and field_kinds.get(row["kind"]).storage != "elsewhere"
        and not is_live_row(row)
    ]


def is_open(row: Row, hidden: set[int]) -> bool:
    """Whether a field is restricted neither itself nor, as a lookup, in its link or in what it shows."""
    return not hidden.intersection((row["id"], row["through_id"], row["shown_id"]))


def with_shown(row: Row, by_id: Mapping[int, Row]) -> Row:
    """A lookup with the rows of its link and of the field that it shows beside it."""
    through, shown = (by_id.get(row[key] or 0) for key in ("through_id", "shown_id"))
    return {**row, "through": through, "shown": shown} if through and shown else row


def view_statement(row: Row, fields: list[Row], *, full: bool) -> str:
    """The SELECT of one view."""
    columns = dict(_BASE)
    if full:
        columns["deleted_at"] = "r.deleted_at"
    columns |= {field["code"]: "" for field in fields}
    for field in fields:
        for name, expression in field_expressions(field).items():
            # A field's own column wins over the second column of another one.
            if name == field["code"] or name not in columns:
                columns[name] = expression
    lines = ",\n".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    where = "" if full else "WHERE r.deleted_at IS NULL"
    return f"SELECT {lines}\nFROM r_{row['id']} r{_BASE_JOINS}{where}"


def field_expressions(field: Row, row: str = "r") -> dict[str, str]:
    """One or two columns for a field of the type whose row is called `row`, by their names."""
    make = _EXPRESSIONS.get(field["kind"])
    column = f"{row}.f_{field['id']}"
    return make(field["code"], column, field) if make else {field["code"]: column}


def choice(code: str, column: str, field: Row) -> dict[str, str]:
    return {
        code: f"(SELECT t.code FROM schema_option t WHERE t.id = {column})",
        f"{code}_label": f"(SELECT t.label ->> 'ru' FROM schema_option t WHERE t.id = {column})",
    }


def multi_choice(code: str, column: str, field: Row) -> dict[str, str]:
    chosen = f"FROM schema_option t WHERE t.id = ANY({column}) ORDER BY t.position"
    return {
        code: f"ARRAY(SELECT t.code::text {chosen})",
        f"{code}_label": f"ARRAY(SELECT t.label ->> 'ru' {chosen})",
    }


def person(code: str, column: str, field: Row) -> dict[str, str]:
    return {code: f"(SELECT t.name FROM people_person t WHERE t.id = {column})", f"{code}_id": column}


def department(code: str, column: str, field: Row) -> dict[str, str]:
    return {code: f"(SELECT t.name FROM people_department t WHERE t.id = {column})", f"{code}_id": column}


def link(code: str, column: str, field: Row) -> dict[str, str]:
    title = f"(SELECT t.title FROM r_{field['target_id']} t WHERE t.id = {column})"
    return {code: title, f"{code}_id": column}


def links(code: str, column: str, field: Row) -> dict[str, str]:
    row = column.partition(".")[0]
    return {code: f"ARRAY(SELECT t.to_id FROM l_{field['id']} t WHERE t.from_id = {row}.id ORDER BY t.to_id)"}


def lookup(code: str, column: str, field: Row) -> dict[str, str]:
    """The columns of the shown field, each read from the linked record `j`, under the lookup's name."""
    shown, target = {**field["shown"], "code": code}, field["through"]["target_id"]
    link = field["through"]
    to = f"r.f_{link['id']}"
    if field_kinds.get(link["kind"]).storage == "periods":
        today = "t.from_id = r.id AND t.period @> CURRENT_DATE"
        to = f"(SELECT t.to_id FROM l_{link['id']} t WHERE {today} LIMIT 1)"
    where = f"FROM r_{target} j WHERE j.id = {to}"
    return {
        name: f"(SELECT {expression} {where})" for name, expression in field_expressions(shown, "j").items()
    }


def dated_link(code: str, column: str, field: Row) -> dict[str, str]:
    """Ids of today's links, and all periods as JSON, both days included."""
    links = f"FROM l_{field['id']} t WHERE t.from_id = {column.partition('.')[0]}.id"
    period = (
        "jsonb_build_object('id', t.to_id, 'from', lower(t.period), 'to', upper(t.period) - 1)"
        " ORDER BY lower(t.period) NULLS FIRST, t.to_id"
    )
    return {
        code: f"ARRAY(SELECT t.to_id {links} AND t.period @> CURRENT_DATE ORDER BY t.to_id)",
        f"{code}_periods": f"(SELECT jsonb_agg({period}) {links})",
    }


_EXPRESSIONS: Mapping[str, Callable[[str, str, Row], dict[str, str]]] = {
    "choice": choice,
    "multi_choice": multi_choice,
    "person": person,
    "department": department,
    "link": link,
    "links": links,
    "dated_link": dated_link,
    "lookup": lookup,
}
