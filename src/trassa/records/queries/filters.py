"""Conditions of lists and boards: on fields through their kinds, on base columns here."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid
from trassa.records.marks import type_mark
from trassa.records.models import SearchDocument
from trassa.records.queries.expressions import where_condition
from trassa.records.queries.lookups import lookup_q
from trassa.records.queries.search import beginning_terms, has_words, words_in
from trassa.records.queries.top import Order, Rows
from trassa.records.types import Filter, ListQuery
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, Label, TypeSpec

#: Stands for oneself in a condition on people.
ME = "me"
#: Kinds whose operands people write with spaces and commas.
AMOUNTS = {"number", "money", "percent"}
#: Base columns that lists sort by, and whether they may be empty.
SORTED_COLUMNS = {
    "id": ("id", False),
    "number": ("number", False),
    "created_at": ("created_at", False),
    "updated_at": ("updated_at", False),
    "stage_entered_at": ("stage_entered_at", True),
    "stage_due_at": ("stage_due_at", True),
}


@dataclass(frozen=True, slots=True)
class BaseColumn(FieldSpec):
    """A base column that borrows the operations of a field kind."""

    physical: str = ""

    def __post_init__(self) -> None:
        FieldSpec.__post_init__(self)
        object.__setattr__(self, "column", self.physical)


def base_column(code: str, physical: str, kind: str) -> BaseColumn:
    """A stand-in for a field, with that kind's default settings."""
    settings = {setting.name: setting.default for setting in field_kinds.get(kind).settings}
    label = Label(ru=code)
    return BaseColumn(0, 0, code, kind, label, label, settings=settings, physical=physical)


#: Base columns that lists filter by.
BASE_FIELDS: dict[str, FieldSpec] = {
    "id": base_column("id", "id", "number"),
    "owner": base_column("owner", "owner_id", "person"),
    "department": base_column("department", "department_id", "department"),
    "created_at": base_column("created_at", "created_at", "datetime"),
    "updated_at": base_column("updated_at", "updated_at", "datetime"),
    "stage_due_at": base_column("stage_due_at", "stage_due_at", "datetime"),
    "title": base_column("title", "title", "text"),
}


#: Where a record is; its conditions name codes, see `place_q`.
PLACES = {code: base_column(code, f"{code}_id", "person") for code in ("pipeline", "stage")}


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
    if query.where is not None:
        rows = rows.filter(where_condition(actor, spec, query.where))
    return rows


def condition_q(actor: Actor, generation: Generation, spec: TypeSpec, condition: Filter) -> Q:
    """One condition as Q."""
    field = BASE_FIELDS.get(condition.field) or spec.by_code.get(condition.field)
    try:
        if condition.field in ("pipeline", "stage"):
            return place_q(generation, spec, condition)
        if field is None or not actor.sees_field(field):
            raise refuse(condition.field, "unknown_field", _("There is no such field."))
        if field.shown is not None:
            return lookup_q(actor, field, condition.operation, condition.value)
        return field_kinds.get(field.kind).filter(field, condition.operation, condition.value)
    except ValueRefused as refusal:
        raise refuse(condition.field, refusal.code, refusal.message) from refusal


def read_operand(actor: Actor, spec: TypeSpec, code: str, text: str) -> Any:
    """What a condition compares with: people write "me" and "3 000 000", queries want ids and JSON."""
    if text == ME:
        return actor.id
    found = spec.by_code.get(code)
    if found is None or found.displayed.kind not in AMOUNTS:
        return text
    field = found.displayed
    kind = field_kinds.get(field.kind)
    try:
        return kind.to_json(kind.parse_import(text, field), field)
    except ValueRefused:
        return text


def place_q(generation: Generation, spec: TypeSpec, condition: Filter) -> Q:
    """Conditions on pipeline and stage, by code; `in` takes several separated by commas."""
    if condition.operation == "empty":
        place = PLACES[condition.field]
        return field_kinds.get(place.kind).filter(place, "empty", condition.value)
    text = str(condition.value)
    codes = text.split(",") if condition.operation == "in" else [text]
    if condition.operation not in ("eq", "in"):
        raise refuse(condition.field, "unknown_operation", _("Use =, __in or __empty here."))
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
    words = words_in(text)
    if not words:
        return Q(pk__in=[])
    documents = SearchDocument.objects.filter(has_words(beginning_terms(words), type_mark(spec.id)))
    return Q(id__in=documents.filter(type_id=spec.id, field_id__in=parts).values("record_id"))
