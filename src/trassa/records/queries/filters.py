"""Conditions of lists and boards: on fields through their kinds, on base columns here."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid
from trassa.records.models import SearchDocument
from trassa.records.queries.search import word_query
from trassa.records.queries.top import Order, Rows
from trassa.records.types import Filter, ListQuery
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, TypeSpec

#: Base columns that lists sort by, and whether they may be empty.
SORTED_COLUMNS = {
    "id": ("id", False),
    "number": ("number", False),
    "created_at": ("created_at", False),
    "updated_at": ("updated_at", False),
    "stage_entered_at": ("stage_entered_at", True),
}
#: Base columns that lists filter by, with the kind whose operations they borrow.
FILTERED_COLUMNS = {
    "id": ("id", "number"),
    "owner": ("owner_id", "person"),
    "department": ("department_id", "department"),
    "created_at": ("created_at", "datetime"),
    "updated_at": ("updated_at", "datetime"),
    "title": ("title", "text"),
}


def refuse(code: str, reason: str, message: Any) -> Invalid:
    return Invalid(_("The list cannot be shown like this."), errors=[FieldError(code, reason, message)])


def find_order(actor: Actor, spec: TypeSpec, text: str) -> Order:
    """Read "-created_at"; raises Invalid for what the person cannot sort by."""
    descending, code = text.startswith("-"), text.removeprefix("-")
    if code in SORTED_COLUMNS:
        column, nullable = SORTED_COLUMNS[code]
        return Order(column, descending, nullable)
    field = spec.by_code.get(code)
    if field is None or not actor.sees_field(field) or not field_kinds.get(field.kind).sortable:
        raise refuse("order", "unknown_order", _("Lists cannot be sorted by “%(code)s”.") % {"code": code})
    return Order(field.column, descending, nullable=True)


def filtered(rows: Rows, actor: Actor, generation: Generation, spec: TypeSpec, query: ListQuery) -> Rows:
    """Apply the conditions of a list; raises Invalid naming the field that cannot be filtered."""
    for condition in query.filters:
        rows = rows.filter(condition_q(actor, generation, spec, condition))
    if query.text.strip():
        rows = rows.filter(words_q(actor, spec, query.text))
    return rows


def condition_q(actor: Actor, generation: Generation, spec: TypeSpec, condition: Filter) -> Q:
    """One condition as Q."""
    if condition.field in ("pipeline", "stage"):
        return place_q(generation, spec, condition)
    if condition.field in FILTERED_COLUMNS:
        column, kind = FILTERED_COLUMNS[condition.field]
        field = base_field(spec, condition.field, kind)
    else:
        found = spec.by_code.get(condition.field)
        if found is None or not actor.sees_field(found):
            raise refuse(condition.field, "unknown_field", _("There is no such field."))
        field, column = found, found.column
    try:
        return field_kinds.get(field.kind).filter_q(column, condition.operation, condition.value, field)
    except ValueRefused as refusal:
        raise refuse(condition.field, refusal.code, refusal.message) from refusal


def base_field(spec: TypeSpec, code: str, kind: str) -> FieldSpec:
    """A stand-in that lets a base column borrow the operations of a kind."""
    template = spec.fields[0].label
    return FieldSpec(id=0, type_id=spec.id, code=code, kind=kind, label=template, help=template)


def place_q(generation: Generation, spec: TypeSpec, condition: Filter) -> Q:
    """Conditions on pipeline and stage, by code; `in` takes several separated by commas."""
    text = str(condition.value)
    codes = text.split(",") if condition.operation == "in" else [text]
    if condition.operation not in ("eq", "in"):
        raise refuse(condition.field, "unknown_operation", _("Use = or __in here."))
    if condition.field == "pipeline":
        known = {pipeline.code: pipeline.id for pipeline in spec.pipelines}
        ids = [[known[code]] if code in known else [] for code in codes]
    else:
        stages = [stage for pipeline in spec.pipelines for stage in pipeline.stages]
        ids = [[stage.id for stage in stages if stage.code == code] for code in codes]
    if not all(ids):
        raise refuse(condition.field, f"unknown_{condition.field}", _("Choose one from the list."))
    return Q(**{f"{condition.field}_id__in": [id for group in ids for id in group]})


def words_q(actor: Actor, spec: TypeSpec, text: str) -> Q:
    """Records of this type whose words match, restricted fields only for those who see them."""
    parts = [0, *(field.id for field in actor.visible_fields(spec) if field.restricted)]
    documents = SearchDocument.objects.filter(type_id=spec.id, field_id__in=parts)
    return Q(id__in=word_query(documents, text).values("record_id"))
