"""Expressions: checking a text, and computing it for a record."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Field, Router, Schema

from trassa.access.queries import actor_of_call
from trassa.api import ApiRequest, json_response
from trassa.expressions import (
    ErrorValue,
    Explanation,
    ExpressionRefused,
    Fault,
    Kind,
    Node,
    NotInSql,
    Printer,
    Style,
    explain,
    is_volatile,
    read,
    to_json,
    write,
)
from trassa.expressions import Field as FieldNode
from trassa.records.api.parameters import MAX_WHERE
from trassa.records.queries import get_record, reader_scope, reader_style
from trassa.records.queries.expressions import read_values, where_condition
from trassa.records.queries.known import get_type
from trassa.schema.queries import current_generation

router = Router()


class ExpressionIn(Schema):
    """A text about records of a type."""

    type: str
    text: str = Field(max_length=MAX_WHERE, examples=["ROUND(rent * 12 / price * 100, 2)"])


class CheckIn(ExpressionIn):
    """A text, and what it has to be: a condition, or one that lists can be limited by."""

    expects: Literal["condition", "filter"] | None = None


class EvaluationIn(ExpressionIn):
    """A text and the record for which it is computed."""

    id: int


class FaultOut(Schema):
    """What is wrong with `text[start:end]`, and what was probably meant ("" when unknown)."""

    start: int
    end: int
    code: str
    message: str
    suggestion: str


class CheckOut(Schema):
    """Whether the text is an expression. `tree` is what is stored; `filter` says whether `where` takes it."""

    ok: bool
    kind: str | None
    volatile: bool
    filter: bool
    ru: str
    en: str
    codes: str
    tree: dict[str, Any] | None
    errors: list[FaultOut]


class StepOut(Schema):
    """One step of an explanation with the steps below it."""

    text: str
    kind: str
    value: Any
    error: str
    parts: list["StepOut"]


class EvaluationOut(Schema):
    """The value; null when it is missing or an error, which `error` then names."""

    kind: str
    value: Any
    error: str
    explain: StepOut


@router.post("/expressions/check", response=CheckOut)
def check_expression(request: ApiRequest, body: CheckIn) -> HttpResponse:
    """Read a text with the names that this person sees. Mistakes are part of the answer, with places."""
    actor = actor_of_call(request)
    spec = get_type(actor, body.type)
    scope = reader_scope(actor)
    try:
        node = read(body.text, scope, spec.id, expected=(Kind.BOOLEAN,) if body.expects else None)
    except ExpressionRefused as refusal:
        return json_response(refused(refusal.faults))
    texts: tuple[Style, ...] = ("ru", "en", "codes")
    try:
        where_condition(actor, spec, node)
        is_filter = node.kind == "boolean"
    except NotInSql as refusal:
        is_filter = False
        if body.expects == "filter":
            return json_response(refused([Fault(0, len(body.text), refusal.code, refusal.message)]))
    return json_response(
        {
            "ok": True,
            "kind": node.kind.value,
            "volatile": is_volatile(node, scope, spec.id),
            "filter": is_filter,
            **{style: write(node, scope, spec.id, style) for style in texts},
            "tree": to_json(node),
            "errors": [],
        }
    )


def refused(faults: Sequence[Fault]) -> dict[str, Any]:
    errors = [
        {
            "start": fault.start,
            "end": fault.end,
            "code": fault.code,
            "message": str(fault.message),
            "suggestion": fault.suggestion,
        }
        for fault in faults
    ]
    texts = dict.fromkeys(("ru", "en", "codes"), "")
    nothing = {"kind": None, "volatile": False, "filter": False, "tree": None}
    return {"ok": False, **nothing, **texts, "errors": errors}


@router.post("/expressions/evaluate", response=EvaluationOut)
def evaluate_expression(request: ApiRequest, body: EvaluationIn) -> HttpResponse:
    """Compute a text for one record, with every step down to the values of fields."""
    actor = actor_of_call(request)
    spec = get_type(actor, body.type)
    record = get_record(actor, spec, body.id)
    scope = reader_scope(actor)
    node = read(body.text, scope, spec.id)
    values = read_values(actor, spec, record.id, node)
    steps = explain(node, values, Printer(scope, spec.id, reader_style()), reader_id=actor.id)
    step = step_json(steps)
    return json_response(
        {"kind": step["kind"], "value": step["value"], "error": step["error"], "explain": step}
    )


def step_json(step: Explanation) -> dict[str, Any]:
    """One step; options, stages and pipelines by their codes."""
    failed = isinstance(step.value, ErrorValue)
    return {
        "text": step.text,
        "kind": step.kind.value,
        "value": None if failed else value_json(step),
        "error": str(step.value) if failed else "",
        "parts": [step_json(part) for part in step.parts],
    }


def value_json(step: Explanation) -> Any:
    value = step.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if step.kind in ("option", "options"):
        codes = option_codes(step.node)
        several = value if isinstance(value, list | tuple) else [value]
        found = [codes.get(id) for id in several if isinstance(id, int)]
        return found if step.kind == "options" else next(iter(found), None)
    return value


def option_codes(node: Node) -> dict[int, str]:
    """Codes by id of what a node chooses among: stages, pipelines, or options of choices."""
    generation = current_generation()
    last = node.path[-1] if isinstance(node, FieldNode) else ""
    if last == "stage_id":
        return {id: stage.code for id, stage in generation.stages_by_id.items()}
    if last == "pipeline_id":
        return {id: pipeline.code for id, pipeline in generation.pipelines_by_id.items()}
    return {
        option.id: option.code for spec in generation for field in spec.fields for option in field.options
    }
