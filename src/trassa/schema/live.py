"""Formulas that depend on the day: computed by the database whenever records are read, and never kept.

Queries find them under the names that their columns would have, so that lists show, filter, sort and add them
up like any other field. Whoever writes statements by hand reads columns only.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL

from trassa.expressions import Kind, value_in_sql
from trassa.schema.kinds.number import Number
from trassa.schema.naming import SchemaScope
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, TypeSpec


def bind_live_fields(generation: Generation) -> None:
    """Let the models of a generation compute what is not kept."""
    for spec in generation:
        live = [field for field in spec.fields if field.is_live]
        if live:
            spec.model.compute_live = partial(live_expressions, generation, spec, live)  # type: ignore[attr-defined]


def live_expressions(
    generation: Generation, spec: TypeSpec, fields: Sequence[FieldSpec]
) -> dict[str, RawSQL]:
    """The values of live formulas in SQL as of today, by the names that their columns would have."""
    return {field.column: live_expression(generation, spec, field) for field in fields}


def live_expression(generation: Generation, spec: TypeSpec, field: FieldSpec) -> RawSQL:
    """The value of a live formula in SQL, as the field would keep it."""
    assert field.formula is not None
    made = value_in_sql(field.formula, SchemaScope(generation), spec.id)
    kind = field_kinds.get(field.kind)
    text = made.text
    if isinstance(kind, Number):
        text = f"({text}) * 100" if field.kind == "percent" else text
        text = f"round({text}, {kind.places(field)})"
    elif field.formula.kind is Kind.TEXT:
        text = f"nullif({text}, '')"
    column: models.Field[Any, Any] | None = kind.column(field)
    return RawSQL(text, made.parameters, column)
