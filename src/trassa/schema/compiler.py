"""Compiles metadata to one immutable generation. See docs/decisions/0003-generations.md."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.db import models

from trassa.expressions import Node, asks_for_now, from_json
from trassa.people.types import Duration
from trassa.schema.dynamic_models import GenerationApps, make_link_model, make_model
from trassa.schema.formulas import inherit_masks
from trassa.schema.kept_lookups import with_kept_lookups
from trassa.schema.kinds.settings import default_settings
from trassa.schema.live import bind_live_fields
from trassa.schema.metadata import Metadata, Row
from trassa.schema.registries import field_kinds
from trassa.schema.types import (
    CardLayout,
    CardSection,
    CardTab,
    ChecklistItem,
    EntryCondition,
    FieldSpec,
    Generation,
    Label,
    Layouts,
    OptionSpec,
    PipelineSpec,
    ReasonSpec,
    StageDeadline,
    StageSpec,
    TypeSpec,
)


def compile_generation(metadata: Metadata) -> Generation:
    """Specs and models of everything active. Retired types keep models, so that links still resolve."""
    apps = GenerationApps()
    fields = active_fields(metadata)
    stages = {row["id"]: make_stage(row, metadata, fields) for row in metadata.stages}
    reasons = {row["id"]: make_reason(row) for row in metadata.reasons}
    pipelines = [make_pipeline(row, stages, reasons) for row in metadata.pipelines if not row["retired_at"]]
    models_by_type = make_models(apps, metadata, fields)
    types = [
        make_type(row, fields[row["id"]], pipelines, metadata, models_by_type[row["id"]])
        for row in metadata.types
        if not row["retired_at"]
    ]
    type_ids = {spec.id for spec in types}
    pipelines = [pipeline for pipeline in pipelines if pipeline.type_id in type_ids]
    generation = Generation(
        number=metadata.number,
        apps=apps,
        types=MappingProxyType({spec.code: spec for spec in types}),
        types_by_id=MappingProxyType({spec.id: spec for spec in types}),
        pipelines=MappingProxyType({pipeline.code: pipeline for pipeline in pipelines}),
        pipelines_by_id=MappingProxyType({pipeline.id: pipeline for pipeline in pipelines}),
        stages_by_id=MappingProxyType(stages),
        reasons_by_id=MappingProxyType(reasons),
        link_models=MappingProxyType(make_link_models(apps, fields)),
    )
    bind_live_fields(generation)
    return generation


def grouped(rows: Iterable[Row], key: str) -> Mapping[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def make_node(stored: Mapping[str, Any] | None) -> Node | None:
    """The tree of a stored expression."""
    return None if stored is None else from_json(stored)


def make_label(words: Mapping[str, str] | None) -> Label:
    return Label(ru=(words or {}).get("ru", ""), en=(words or {}).get("en", ""))


def active_fields(metadata: Metadata) -> Mapping[int, tuple[FieldSpec, ...]]:
    """Active fields by the id of their type, in the order of their positions."""
    options = grouped(metadata.options, "field_id")
    rows = with_kept_lookups(metadata.fields)
    fields: dict[int, list[FieldSpec]] = {row["id"]: [] for row in metadata.types}
    for row in rows:
        if not row["retired_at"]:
            of = row.get("options_of", row["id"])
            fields[row["type_id"]].append(make_field(row, options.get(of, [])))
    fields = inherit_masks(fields)
    by_id = {spec.id: spec for specs in fields.values() for spec in specs}
    paths = {row["id"]: (row["through_id"], row["shown_id"]) for row in rows}
    return {type_id: tuple(follow_lookups(specs, by_id, paths)) for type_id, specs in fields.items()}


def follow_lookups(
    specs: Iterable[FieldSpec],
    by_id: Mapping[int, FieldSpec],
    paths: Mapping[int, tuple[int | None, int | None]],
) -> Iterable[FieldSpec]:
    """The fields, lookups with the specs of what they show; those that show nothing any more are left out."""
    for spec in specs:
        if spec.storage != "linked":
            yield spec
            continue
        through, shown = (by_id.get(id or 0) for id in paths[spec.id])
        if through is not None and shown is not None:
            yield replace(spec, through=through, shown=shown)


def make_field(row: Row, options: list[Row]) -> FieldSpec:
    """The spec of one row of schema_field; its settings are complete with the kind's defaults."""
    kind = field_kinds.get(row["kind"])
    settings = default_settings(kind.settings) | row["settings"]
    formula = make_node(row["formula"])
    return FieldSpec(
        id=row["id"],
        type_id=row["type_id"],
        code=row["code"],
        kind=row["kind"],
        label=make_label(row["label"]),
        help=make_label(row["help"]),
        required=row["required"],
        unique=row["unique"],
        read_only=row["read_only"],
        restricted=row["restricted"],
        sortable=row["sortable"],
        default=row["default"],
        default_formula=make_node(row["default_formula"]),
        visible_when=make_node(row["visible_when"]),
        required_when=make_node(row["required_when"]),
        editable_when=make_node(row["editable_when"]),
        formula=formula,
        frozen_when=make_node(row["frozen_when"]),
        is_kept_lookup="options_of" in row,
        formula_open=row["formula_open"],
        keeps_history=row["keeps_history"],
        target_type_id=row["target_id"],
        settings=MappingProxyType(settings),
        options=tuple(make_option(option) for option in options),
        position=row["position"],
        finishing=row["finishing"],
        problem=row["problem"],
        storage="computed" if formula is not None and asks_for_now(formula) else kind.storage,
    )


def make_option(row: Row) -> OptionSpec:
    return OptionSpec(
        row["id"], row["code"], make_label(row["label"]), row["color"], retired=bool(row["retired_at"])
    )


def make_stage(row: Row, metadata: Metadata, fields: Mapping[int, tuple[FieldSpec, ...]]) -> StageSpec:
    active = {field.id for specs in fields.values() for field in specs}
    needs = [need["field_id"] for need in metadata.requirements if need["stage_id"] == row["id"]]
    conditions = [each for each in metadata.conditions if each["stage_id"] == row["id"]]
    follows = [move["next_stage_id"] for move in metadata.transitions if move["stage_id"] == row["id"]]
    return StageSpec(
        id=row["id"],
        pipeline_id=row["pipeline_id"],
        code=row["code"],
        label=make_label(row["label"]),
        color=row["color"],
        meaning=row["meaning"],
        position=row["position"],
        required_field_ids=tuple(id for id in needs if id in active),
        enter_when=tuple(make_entry_condition(each) for each in conditions),
        next_stage_ids=tuple(follows),
        reason_required=row["reason_required"],
        deadline=make_deadline(row, active),
        checklist=make_checklist(row, metadata),
        retired=bool(row["retired_at"]),
    )


def make_deadline(row: Row, active: set[int]) -> StageDeadline | None:
    """The deadline of a stage; None without one, and when the date that it counts from is not active."""
    if row["deadline_field_id"] is not None and row["deadline_field_id"] not in active:
        return None
    after, warning, escalation = (
        Duration.parse(row[key]) if row[key] else None
        for key in ("deadline", "deadline_warning", "deadline_escalation")
    )
    if after is None and row["deadline_field_id"] is None:
        return None
    return StageDeadline(after, row["deadline_field_id"], warning, escalation)


def make_checklist(row: Row, metadata: Metadata) -> tuple[ChecklistItem, ...]:
    return tuple(
        ChecklistItem(item["id"], item["code"], make_label(item["label"]), item["required"])
        for item in metadata.items
        if item["stage_id"] == row["id"] and not item["retired_at"]
    )


def make_entry_condition(row: Row) -> EntryCondition:
    return EntryCondition(row["code"], from_json(row["condition"]), make_label(row["message"]))


def make_reason(row: Row) -> ReasonSpec:
    return ReasonSpec(
        row["id"], row["pipeline_id"], row["code"], make_label(row["label"]), retired=bool(row["retired_at"])
    )


def make_pipeline(
    row: Row, stages: Mapping[int, StageSpec], reasons: Mapping[int, ReasonSpec]
) -> PipelineSpec:
    """The spec of a pipeline with its active stages and reasons, in order."""
    return PipelineSpec(
        id=row["id"],
        type_id=row["type_id"],
        code=row["code"],
        label=make_label(row["label"]),
        stages=tuple(s for s in stages.values() if s.pipeline_id == row["id"] and not s.retired),
        reasons=tuple(r for r in reasons.values() if r.pipeline_id == row["id"] and not r.retired),
        position=row["position"],
    )


def stages_of(pipelines: list[PipelineSpec], type_id: int) -> frozenset[int]:
    """Ids of the active stages of a type's pipelines."""
    return frozenset(
        stage.id for pipeline in pipelines if pipeline.type_id == type_id for stage in pipeline.stages
    )


def make_layouts(row: Row | None, by_id: Mapping[int, FieldSpec], stages: frozenset[int]) -> Layouts:
    """Layouts with codes; fields and stages that are not active any more are left out."""
    if row is None:
        return Layouts()
    board_sum = by_id.get(row["board_sum_id"])
    return Layouts(
        card=tuple(make_tab(tab, by_id) for tab in row["card"]),
        cards=tuple(
            make_card(card, by_id, stages)
            for card in row["cards"]
            if not card["stages"] or stages.intersection(card["stages"])
        ),
        list_columns=shown_codes(row["list_columns"], by_id),
        board_subtitle=shown_codes(row["board_subtitle"], by_id),
        board_sum=board_sum.code if board_sum else "",
    )


def make_card(stored: Row, by_id: Mapping[int, FieldSpec], stages: frozenset[int]) -> CardLayout:
    """A further layout of a card, for those of its stages that are in use."""
    return CardLayout(
        stored["code"],
        make_label(stored["label"]),
        tuple(make_tab(tab, by_id) for tab in stored["tabs"]),
        role_ids=tuple(stored["roles"]),
        stage_ids=tuple(id for id in stored["stages"] if id in stages),
    )


def make_tab(stored: Row, by_id: Mapping[int, FieldSpec]) -> CardTab:
    """A tab of a card with its sections."""
    sections = (
        CardSection(
            make_label(section["label"]),
            shown_codes(section["fields"], by_id),
            visible_when=make_node(section.get("visible_when")),
            columns=section["columns"],
        )
        for section in stored["sections"]
    )
    condition = make_node(stored.get("visible_when"))
    return CardTab(stored["code"], make_label(stored["label"]), tuple(sections), condition)


def shown_codes(stored: list[int | str], by_id: Mapping[int, FieldSpec]) -> tuple[str, ...]:
    """Codes of stored layout items: ids of fields and names of base columns."""
    codes = (item if isinstance(item, str) else by_id[item].code if item in by_id else "" for item in stored)
    return tuple(code for code in codes if code)


def make_type(
    row: Row,
    fields: tuple[FieldSpec, ...],
    pipelines: list[PipelineSpec],
    metadata: Metadata,
    model: type[models.Model],
) -> TypeSpec:
    by_id = {field.id: field for field in fields}
    layout = next((layout for layout in metadata.layouts if layout["type_id"] == row["id"]), None)
    return TypeSpec(
        id=row["id"],
        code=row["code"],
        label=make_label(row["label"]),
        plural=make_label(row["plural"]),
        icon=row["icon"],
        title_template=row["title_template"],
        number_prefix=row["number_prefix"],
        number_width=row["number_width"],
        fields=fields,
        pipelines=tuple(pipeline for pipeline in pipelines if pipeline.type_id == row["id"]),
        layouts=make_layouts(layout, by_id, stages_of(pipelines, row["id"])),
        model=model,
        menu=make_label(row["menu"]),
        position=row["position"],
        by_code=MappingProxyType({field.code: field for field in fields}),
        by_id=MappingProxyType(by_id),
    )


def make_models(
    apps: GenerationApps, metadata: Metadata, fields: Mapping[int, tuple[FieldSpec, ...]]
) -> dict[int, type[models.Model]]:
    """Models of all types by id, retired ones too."""
    return {
        row["id"]: make_model(
            apps,
            row["id"],
            [(field, field_kinds.get(field.kind)) for field in fields[row["id"]] if not field.is_live],
        )
        for row in metadata.types
    }


def make_link_models(
    apps: GenerationApps, fields: Mapping[int, tuple[FieldSpec, ...]]
) -> dict[int, type[Any]]:
    """Models of link tables by the id of their field."""
    return {
        field.id: make_link_model(apps, field)
        for specs in fields.values()
        for field in specs
        if field.has_links
    }
