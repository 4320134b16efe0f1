"""How the address of a list becomes a ListQuery: `?stage=offer&amount__gte=1000000&order=-amount`.

Everything that is not a reserved name is a condition: a field's code (or a base column such as owner),
optionally with an operation behind two underscores.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.api import Cursor
from trassa.expressions import Call, ExpressionRefused, Kind, Node, NotInSql
from trassa.kernel import FieldError, Invalid
from trassa.records.queries import read_where
from trassa.records.queries.filters import find_order
from trassa.records.queries.saved_views import find_view, view_query
from trassa.records.types import Filter, ListQuery
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import TypeSpec
from trassa.ui import read_id

RESERVED = frozenset({"order", "limit", "cursor", "q", "where", "view"})
DEFAULT_ORDER = "-id"
DEFAULT_LIMIT = 80
MAX_LIMIT = 500
MAX_CONDITIONS = 30
MAX_TEXT = 200
MAX_WHERE = 5_000

Json = dict[str, Any]
Key = tuple[Any, int]


def parameter(name: str, description: str, schema: Json, example: Any = None) -> Json:
    """The description of one query parameter for the OpenAPI document."""
    described = {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
    return described if example is None else described | {"example": example}


_OPERATIONS = (
    "`__ne`, `__gte`, `__lte`, `__gt`, `__lt`, `__contains`, `__in` (values by commas), `__empty`, of dates"
    " also `__month` (2026-11) and `__older` (days)"
)
FILTERS = {
    "name": "filters",
    "in": "query",
    "required": False,
    "style": "form",
    "explode": True,
    "description": "Conditions, all of which must hold: a field's code, `id`, `title`, `owner`, `department`,"
    f" `pipeline`, `stage`, `created_at` or `updated_at`, alone for equality or with {_OPERATIONS}."
    " `GET /types/{type}` names the operations of each field. Unknown and invisible fields are refused.",
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    "example": {"stage": "offer", "amount__gte": "1000000", "created_at__gte": "2026-01-01"},
}
WORDS = parameter(
    "q", "Only records with these words, each as a beginning.", {"type": "string", "maxLength": MAX_TEXT}
)
WHERE = parameter(
    "where",
    'A condition in the language of expressions, in either language: `amount > 5000000 AND stage = "Offer"`.'
    " See `POST /expressions/check`.",
    {"type": "string", "maxLength": MAX_WHERE},
    "amount >= 5000000 AND owner = ME()",
)
VIEW = parameter(
    "view",
    "Id of a saved view: its records, in its order. Conditions of the address narrow it further; `order` and"
    " `q` go before its own.",
    {"type": "integer", "minimum": 1},
)
CURSOR = parameter("cursor", "`next` of the page before.", {"type": "string", "minLength": 1})


def limit_parameter(default: int, maximum: int) -> Json:
    """The description of `limit`."""
    schema = {"type": "integer", "minimum": 1, "maximum": maximum, "default": default}
    return parameter("limit", "Records of a page.", schema)


ORDER = parameter(
    "order",
    "A sortable field's code, or id, number, created_at, updated_at, stage_entered_at, stage_due_at;"
    " `-` in front turns it round. Empty values come last.",
    {"type": "string", "default": DEFAULT_ORDER, "pattern": "^-?[A-Za-z0-9_]+$"},
    "-created_at",
)
LIST_PARAMETERS = [FILTERS, WORDS, WHERE, VIEW, ORDER, limit_parameter(DEFAULT_LIMIT, MAX_LIMIT), CURSOR]


def refuse(name: str, code: str, message: Any) -> Invalid:
    return Invalid(_("Check the parameters of the address."), errors=[FieldError(name, code, message)])


def read_list_query(actor: Actor, spec: TypeSpec, parameters: QueryDict) -> ListQuery:
    """The list that an address asks for; raises Invalid naming the parameter at fault."""
    base = read_view(actor, spec, parameters)
    order = parameters.get("order", base.order)
    find_order(actor, spec, order)
    return replace(
        read_narrowing(actor, spec, parameters, base, RESERVED),
        order=order,
        limit=read_limit(parameters, DEFAULT_LIMIT, MAX_LIMIT),
        after=read_after(spec, order, parameters.get("cursor")),
    )


def read_view(actor: Actor, spec: TypeSpec, parameters: QueryDict) -> ListQuery:
    """What the saved view of the address is limited to, nothing without one."""
    text = parameters.get("view")
    if text is None:
        return ListQuery(order=DEFAULT_ORDER)
    id = read_id(text)
    view = None if id is None else find_view(actor, id)
    if view is None or view.type_id != spec.id:
        raise refuse("view", "unknown_view", _("There is no such view."))
    return view_query(actor, spec, view)


def read_narrowing(
    actor: Actor, spec: TypeSpec, parameters: QueryDict, base: ListQuery, reserved: frozenset[str]
) -> ListQuery:
    """A list narrowed by the conditions of an address."""
    where = read_where_text(actor, spec, parameters.get("where", ""))
    both = [node for node in (base.where, where) if node is not None]
    return replace(
        base,
        filters=[*base.filters, *read_filters(parameters, reserved)],
        text=read_words(parameters) or base.text,
        where=Call("and", tuple(both), Kind.BOOLEAN) if len(both) > 1 else next(iter(both), None),
    )


def read_where_text(actor: Actor, spec: TypeSpec, text: str) -> Node | None:
    """The condition of `where`; raises Invalid naming the parameter, with every fault and its place."""
    try:
        return read_where(actor, spec, text)
    except ExpressionRefused as refusal:
        errors = [
            FieldError("where", fault.code, f"{fault.start}–{fault.end}: {fault.message}")
            for fault in refusal.faults
        ]
        raise Invalid(refusal.message, code=refusal.code, errors=errors) from refusal
    except NotInSql as refusal:
        raise refuse("where", refusal.code, refusal.message) from refusal


def read_filters(parameters: QueryDict, reserved: frozenset[str]) -> list[Filter]:
    """The conditions of an address: everything that is not reserved."""
    conditions = []
    for name, value in parameters.items():
        if name in reserved:
            continue
        code, underscores, operation = name.partition("__")
        conditions.append(Filter(code, operation if underscores else "eq", value))
    if len(conditions) > MAX_CONDITIONS:
        raise refuse("", "too_many_conditions", _("Give at most %s conditions.") % MAX_CONDITIONS)
    return conditions


def read_words(parameters: QueryDict) -> str:
    """The text of `q`."""
    text = parameters.get("q", "")
    if len(text) > MAX_TEXT:
        raise refuse("q", "too_long", _("Write at most %s characters.") % MAX_TEXT)
    return text


def read_limit(parameters: QueryDict, default: int, maximum: int) -> int:
    """The number of `limit`."""
    text = parameters.get("limit")
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= maximum):
        raise refuse("limit", "invalid", _("Give a number from 1 to %s.") % maximum)
    return int(text)


def read_after(spec: TypeSpec, order: str, text: str | None) -> Key | None:
    """The key of the last record of the page before."""
    if text is None:
        return None
    cursor = Cursor.decode(text, order=order, values=1)
    try:
        return parse_key(spec, order.removeprefix("-"), cursor.values[0]), cursor.id
    except (ValueRefused, ValueError, TypeError):
        message = _("Begin again without a cursor: this one does not belong to this list.")
        raise refuse("cursor", "invalid_cursor", message) from None


def parse_key(spec: TypeSpec, code: str, raw: Any) -> Any:
    """A sort value as the cursor carries it, as Python value."""
    field = spec.by_code.get(code)
    if raw is None:
        return None
    if code in ("id", "number"):
        return int(raw)
    if field is None:
        return read_moment(raw)
    return field_kinds.get(field.kind).parse(raw, field)


def read_moment(raw: Any) -> datetime:
    """An aware moment; raises ValueError or TypeError."""
    moment = datetime.fromisoformat(raw)
    if moment.tzinfo is None:
        raise ValueError("the moment has no offset")
    return moment


def write_next(spec: TypeSpec, order: str, key: Key | None) -> str | None:
    """The cursor of the next page, None on the last one."""
    if key is None:
        return None
    value, id = key
    field = spec.by_code.get(order.removeprefix("-"))
    if isinstance(value, datetime):
        value = value.isoformat()
    elif field is not None and value is not None:
        value = field_kinds.get(field.kind).to_json(value, field)
    return Cursor(order, id, (value,)).encode()
