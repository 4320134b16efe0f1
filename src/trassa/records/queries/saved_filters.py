"""A person's own filters, with fields under the codes that they have today."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.expressions import Node, from_json, write
from trassa.kernel import NotFound
from trassa.records.models import SavedFilter as Row
from trassa.records.queries.expressions import reader_scope, reader_style
from trassa.records.types import Filter, Narrowing, SavedFilter
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, PipelineSpec, TypeSpec


def list_filters(actor: Actor, spec: TypeSpec, pipeline: PipelineSpec | None) -> list[SavedFilter]:
    """The person's filters of a type (of its pipeline when given), by name."""
    rows = rows_of_place(rows_of(actor), spec.id, pipeline.id if pipeline else None)
    return [read_filter(actor, spec, row) for row in rows.order_by("name", "id")]


def get_filter(actor: Actor, id: int) -> SavedFilter:
    """One of the person's filters; raises NotFound for other people's, and where the type is gone."""
    row = rows_of(actor).filter(pk=id).first()
    spec = current_generation().types_by_id.get(row.type_id) if row else None
    if row is None or spec is None or (row.pipeline_id and spec.find_pipeline(row.pipeline_id) is None):
        raise NotFound(_("There is no such filter."))
    return read_filter(actor, spec, row)


def rows_of(actor: Actor, *, removed: bool = False) -> QuerySet[Row]:
    """The person's own rows; the system has none."""
    rows = Row.objects.filter(removed_at__isnull=not removed)
    return rows.none() if actor.id is None else rows.filter(person_id=actor.id)


def rows_of_place(rows: QuerySet[Row], type_id: int, pipeline_id: int | None) -> QuerySet[Row]:
    """Those of a type, or of one of its pipelines."""
    rows = rows.filter(type_id=type_id)
    return rows.filter(pipeline=None) if pipeline_id is None else rows.filter(pipeline_id=pipeline_id)


def read_filter(actor: Actor, spec: TypeSpec, row: Row) -> SavedFilter:
    """The filter as it can be used: conditions on fields that are gone for this person are left out."""
    missing: dict[str, None] = {}
    filters = []
    for line in row.lines:
        code = code_of(actor, spec, line)
        if code is None:
            missing[str(Label(**line["label"]))] = None
        else:
            filters.append(Filter(code, line["operation"], line["value"]))
    where = None if row.where is None else from_json(row.where)
    if where is not None and "[?]" in (text := write_for(actor, spec, where)):
        missing[text] = None
    narrowing = Narrowing(filters, row.text, order_of(actor, spec, row.order), where)
    return SavedFilter(row.pk, row.name, row.type_id, row.pipeline_id, row.view, narrowing, tuple(missing))


def write_for(actor: Actor, spec: TypeSpec, node: Node) -> str:
    """An expression as the person writes it; what is gone for them stands as [?]."""
    return write(node, reader_scope(actor), spec.id, reader_style())


def order_of(actor: Actor, spec: TypeSpec, place: Mapping[str, Any] | None) -> str:
    """The order as addresses write it: "-amount"; "" for the usual one and for a field that is gone."""
    code = code_of(actor, spec, place) if place else None
    return f"{'-' if place and place['descending'] else ''}{code}" if code else ""


def code_of(actor: Actor, spec: TypeSpec, place: Mapping[str, Any]) -> str | None:
    """Today's code of a field or a base column; None for a field that is retired or masked."""
    if "column" in place:
        return str(place["column"])
    field = spec.by_id.get(place["field"])
    return field.code if field and actor.sees_field(field) else None
