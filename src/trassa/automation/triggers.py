"""The triggers of this room: what happens to records, dates, buttons, schedules, calls from outside."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.checking import Checking
from trassa.automation.registries import trigger_kinds
from trassa.automation.rulebook import Rulebook
from trassa.automation.types import CompiledRule, Settings, TriggerKind
from trassa.schema.types import TypeSpec


class Created(Settings):
    """A record was created, in this pipeline if one is said."""

    pipeline: str = ""


class StageChange(Settings):
    """A record came into a stage, or left it; without a stage into any one of the pipeline."""

    pipeline: str = ""
    stage: str = ""


class Changed(Settings):
    """One of these fields has another value."""

    fields: tuple[str, ...]


#: Base columns whose change rules may answer to.
BASE = {"owner": "owner_id", "department": "department_id", "title": "title"}


def check_created(settings: Created, checking: Checking) -> Created:
    checking.pipeline_of(checking.spec, settings.pipeline)
    return settings


def check_stage_change(settings: StageChange, checking: Checking) -> StageChange:
    """The pipeline is said even where the stage alone would do."""
    pipeline = checking.pipeline_of(checking.spec, settings.pipeline)
    stage = checking.stage_of(checking.spec, settings.pipeline, settings.stage)
    if stage is not None and pipeline is None:
        pipeline = checking.spec.find_pipeline(stage.pipeline_id)
    if not checking.spec.pipelines:
        checking.fault(_("Records of this type have no stages."))
    return settings.model_copy(update={"pipeline": pipeline.code}) if pipeline else settings


def check_changed(settings: Changed, checking: Checking) -> Changed:
    if not settings.fields:
        checking.fault(_("Name a field."))
    for code in settings.fields:
        if code not in BASE:
            field = checking.field_of(checking.spec, code)
            if field is not None and not (field.has_column or field.has_links):
                checking.fault(_("A change of “%s” cannot be noticed here.") % field.label)
    return settings


def stages_of(settings: StageChange, spec: TypeSpec) -> list[int]:
    """Ids of the stages in question; 0 for any."""
    if not settings.pipeline:
        return [0]
    pipeline = next((each for each in spec.pipelines if each.code == settings.pipeline), None)
    stages = pipeline.stages if pipeline else ()
    return [stage.id for stage in stages if settings.stage in ("", stage.code)]


def index_entering(rule: CompiledRule, spec: TypeSpec, book: Rulebook) -> None:
    for stage in stages_of(_stage_settings(rule), spec):
        book.entering[stage].append(rule)


def index_leaving(rule: CompiledRule, spec: TypeSpec, book: Rulebook) -> None:
    for stage in stages_of(_stage_settings(rule), spec):
        book.leaving[stage].append(rule)


def index_changing(rule: CompiledRule, spec: TypeSpec, book: Rulebook) -> None:
    settings: Any = rule.settings
    for code in settings.fields:
        column = BASE.get(code) or spec.by_code[code].column
        book.changing[column].append(rule)


def _stage_settings(rule: CompiledRule) -> StageChange:
    settings = rule.settings
    assert isinstance(settings, StageChange)
    return settings


def created_in_words(settings: Created, spec: TypeSpec) -> str:
    pipeline = next((each for each in spec.pipelines if each.code == settings.pipeline), None)
    return _("created in “%s”") % pipeline.label if pipeline else _("created")


def entered_in_words(settings: StageChange, spec: TypeSpec) -> str:
    return _("enters “%s”") % stage_label(settings, spec) if settings.stage else _("enters a stage")


def left_in_words(settings: StageChange, spec: TypeSpec) -> str:
    return _("leaves “%s”") % stage_label(settings, spec) if settings.stage else _("leaves a stage")


def stage_label(settings: StageChange, spec: TypeSpec) -> str:
    stages = (
        stage
        for pipeline in spec.pipelines
        if settings.pipeline in ("", pipeline.code)
        for stage in pipeline.stages
    )
    return next((str(stage.label) for stage in stages if stage.code == settings.stage), settings.stage)


def changed_in_words(settings: Changed, spec: TypeSpec) -> str:
    return _("changes: %s") % ", ".join(field_label(spec, code) for code in settings.fields)


def field_label(spec: TypeSpec, code: str) -> str:
    """A field's name; of base columns that people may name theirs."""
    base = {"owner": _("Owner"), "department": _("Department"), "title": _("Title")}
    return str(spec.by_code[code].label) if code in spec.by_code else base.get(code, code)


def register() -> None:
    """Enter the triggers of this room."""
    trigger_kinds.register(
        "created",
        TriggerKind(gettext_lazy("Created"), "plus", Created, check_created, created_in_words),
    )
    trigger_kinds.register(
        "stage_entered",
        TriggerKind(
            gettext_lazy("Enters a stage"),
            "arrow-right",
            StageChange,
            check_stage_change,
            entered_in_words,
            index_entering,
        ),
    )
    trigger_kinds.register(
        "stage_left",
        TriggerKind(
            gettext_lazy("Leaves a stage"),
            "arrow-left",
            StageChange,
            check_stage_change,
            left_in_words,
            index_leaving,
        ),
    )
    trigger_kinds.register(
        "changed",
        TriggerKind(
            gettext_lazy("A field changes"),
            "pencil",
            Changed,
            check_changed,
            changed_in_words,
            index_changing,
        ),
    )
