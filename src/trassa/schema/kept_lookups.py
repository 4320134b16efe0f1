"""Lookups that stay as they were: to everybody else fields of the kind that they show, with a formula.

What is shown through a link is read live. With `frozen_when` there is something to keep, so the value gets a
column of its own and follows the linked record by the formula that the lookup is short for. See
docs/decisions/0021-lookups.md.
"""

from collections.abc import Iterable, Mapping

from trassa.expressions import Field, to_json
from trassa.schema.metadata import Row
from trassa.schema.registries import field_kinds

#: Kinds whose values have a unit in expressions.
_UNITS = ("percent", "money")


def with_kept_lookups(rows: Iterable[Row]) -> list[Row]:
    """Rows of fields, those of lookups that stay as the fields that they are by then."""
    rows = list(rows)
    by_id = {row["id"]: row for row in rows}
    return [kept_row(row, by_id) if is_kept(row) else row for row in rows]


def is_kept(row: Row) -> bool:
    """Whether a row of the metadata is a lookup whose value is kept."""
    return bool(row["frozen_when"] and row["through_id"] and row["shown_id"])


def kept_row(row: Row, by_id: Mapping[int, Row]) -> Row:
    """The lookup as a field with a formula; its options are those of the field that it shows."""
    shown = by_id[row["shown_id"]]
    kind = field_kinds.get(shown["kind"]).expression
    assert kind is not None
    unit = shown["kind"] if shown["kind"] in _UNITS else ""
    path = (f"f_{row['through_id']}", f"f_{shown['id']}")
    return {
        **row,
        "kind": shown["kind"],
        # Who takes part in the linked record does not take part in this one.
        "settings": {name: value for name, value in shown["settings"].items() if name != "participant"},
        "target_id": shown["target_id"],
        "formula": to_json(Field(path, kind, unit)),
        "through_id": None,
        "shown_id": None,
        "options_of": shown["id"],
    }
