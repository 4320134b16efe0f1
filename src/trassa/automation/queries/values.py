"""Values of a record as JSON, by code: what is copied into other records and sent to other systems."""

from collections.abc import Iterable
from typing import Any

from trassa.access.queries import system_actor
from trassa.records.queries import get_record
from trassa.schema.registries import field_kinds
from trassa.schema.types import TypeSpec


def json_values(spec: TypeSpec, record_id: int, codes: Iterable[str]) -> dict[str, Any]:
    """These fields as the API writes them; files and what is not there are left out."""
    values = get_record(system_actor(), spec, record_id).values
    found: dict[str, Any] = {}
    for code in codes:
        field = spec.by_code.get(code)
        if field is not None and field.kind != "files":
            value = values.get(code)
            found[code] = None if value is None else field_kinds.get(field.kind).to_json(value, field)
    return found
