"""Which types of records there are, and what this person may see and do in them."""

from typing import Any

from django.http import HttpResponse
from ninja import Router

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, json_response
from trassa.expressions import Node, write
from trassa.records.api.answers import TypeOut, TypesOut
from trassa.records.queries.known import get_type, is_known, list_pipelines, list_types
from trassa.records.queries.lookups import conditions_of
from trassa.records.queries.verdicts import sees_all
from trassa.schema.queries import SchemaScope, current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Label, PipelineSpec, StageDeadline, StageSpec, TypeSpec

router = Router()
Json = dict[str, Any]
#: Expressions of a field that the description tells.
EXPRESSIONS = ("formula", "frozen_when", "default_formula", "visible_when", "required_when", "editable_when")


@router.get("/types", response=TypesOut)
def get_types(request: ApiRequest) -> HttpResponse:
    """The types that this person has anything to do with."""
    return json_response({"items": [type_line(spec) for spec in list_types(actor_of_call(request))]})


@router.get("/types/{type}", response=TypeOut)
def get_type_description(request: ApiRequest, type: str) -> HttpResponse:
    """A type with the fields, pipelines, stages and options that this person sees."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    fields = [field_json(actor, spec, field) for field in actor.visible_fields(spec)]
    pipelines = [pipeline_json(actor, spec, pipeline) for pipeline in list_pipelines(actor, spec)]
    return json_response(type_line(spec) | {"fields": fields, "pipelines": pipelines})


def label_json(label: Label) -> Json:
    return {"ru": label.ru, "en": label.en}


def type_line(spec: TypeSpec) -> Json:
    """A type in a list of types."""
    return {
        "code": spec.code,
        "label": label_json(spec.label),
        "plural": label_json(spec.plural),
        "icon": spec.icon,
    }


def condition_text(actor: Actor, spec: TypeSpec, node: Node | None) -> str | None:
    """An expression by codes; None when there is none, and when it mentions what the person does not see."""
    generation = current_generation()
    if node is None or not sees_all(actor, generation, spec, node):
        return None
    return write(node, SchemaScope(generation), spec.id, "codes")


def field_json(actor: Actor, spec: TypeSpec, field: FieldSpec) -> Json:
    """A field as this person may use it."""
    kind = field_kinds.get(field.kind)
    shows = [field.through.code, field.shown.code] if field.through and field.shown else None
    target = current_generation().types_by_id.get(field.target_type_id or 0)
    options = (option for option in field.options if not option.retired)
    return {
        "code": field.code,
        "kind": field.kind,
        "label": label_json(field.label),
        "help": label_json(field.help),
        "required": field.required,
        "unique": field.unique,
        "writable": actor.edits_field(field) and not field.read_only and not kind.automatic,
        "sortable": kind.sortable,
        "filters": list(conditions_of(field)),
        "default": field.default,
        **{name: condition_text(actor, spec, getattr(field, name)) for name in EXPRESSIONS},
        "target": target.code if target and is_known(actor, target) else None,
        "options": [
            {"code": option.code, "label": label_json(option.label), "color": option.color}
            for option in options
        ],
        "shows": ".".join(shows) if shows else None,
        "settings": dict(field.settings),
        "value_schema": kind.json_schema(field),
    }


def pipeline_json(actor: Actor, spec: TypeSpec, pipeline: PipelineSpec) -> Json:
    """A pipeline with its stages and reasons."""
    codes = {stage.id: stage.code for stage in pipeline.stages}
    reasons = [
        {"code": reason.code, "label": label_json(reason.label)}
        for reason in pipeline.reasons
        if not reason.retired
    ]
    stages = [stage_json(actor, spec, stage, codes) for stage in pipeline.stages]
    return {
        "code": pipeline.code,
        "label": label_json(pipeline.label),
        "stages": stages,
        "reasons": reasons,
    }


def stage_json(actor: Actor, spec: TypeSpec, stage: StageSpec, codes: dict[int, str]) -> Json:
    """A stage; of what it requires only what this person sees."""
    required = (spec.by_id.get(id) for id in stage.required_field_ids)
    return {
        "code": stage.code,
        "label": label_json(stage.label),
        "color": stage.color,
        "meaning": stage.meaning,
        "required": [field.code for field in required if field and actor.sees_field(field)],
        "enter_when": [
            {"code": each.code, "condition": text, "message": label_json(each.message)}
            for each in stage.enter_when
            if (text := condition_text(actor, spec, each.condition)) is not None
        ],
        "next": [codes[id] for id in stage.next_stage_ids if id in codes],
        "reason_required": stage.reason_required,
        "deadline": deadline_json(actor, spec, stage.deadline),
        "checklist": [
            {"code": item.code, "label": label_json(item.label), "required": item.required}
            for item in stage.checklist
        ],
    }


def deadline_json(actor: Actor, spec: TypeSpec, deadline: StageDeadline | None) -> Json | None:
    """A deadline; None as well when it counts from a date that this person does not see."""
    field = spec.by_id.get(deadline.field_id or 0) if deadline else None
    if deadline is None or (field is not None and not actor.sees_field(field)):
        return None
    return {
        "after": str(deadline.after) if deadline.after else None,
        "field": field.code if field else None,
        "warning": str(deadline.warning) if deadline.warning else None,
        "escalation": str(deadline.escalation) if deadline.escalation else None,
    }
