"""The triggers of this room: what happens to records, dates, buttons, schedules, calls from outside."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, StringConstraints

from trassa.automation.checking import Checking
from trassa.automation.moments import DATES, MOMENTS, column_of, date_label, offset_in_words
from trassa.automation.registries import trigger_kinds
from trassa.automation.rulebook import Rulebook
from trassa.automation.types import CompiledRule, Phase, Settings, TriggerKind
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


class Overdue(Settings):
    """The deadline of a stage has come to a phase: “soon”, “overdue”, “escalated”."""

    pipeline: str = ""
    stage: str = ""
    phase: Phase = Phase.OVERDUE


class DateReached(Settings):
    """A date of the record has come, or is `offset` away: “-2 hours”, “3 working days”."""

    field: str
    offset: str = ""

    def column(self, spec: TypeSpec) -> str:
        return column_of(self.field, spec)


class Schedule(Settings):
    """The clock, for every record that meets the condition: each day, on a day of the week (1 is Monday) or
    of the month (31 is the last one)."""

    every: Literal["day", "week", "month"] = "day"
    at: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "09:00"
    on: Annotated[int, Field(ge=1, le=31)] = 1

    needs = {"on": ("every", ("week", "month"))}

    def falls_on(self, day: date) -> bool:
        """Whether a day is meant."""
        if self.every == "week":
            return day.isoweekday() == self.on
        last = (day + timedelta(days=1)).day == 1
        return self.every == "day" or day.day == self.on or (last and self.on > day.day)


class Button(Settings):
    """A button on the card, in these stages of a pipeline if any are said."""

    pipeline: str = ""
    stages: tuple[str, ...] = ()


class HookIn(Settings):
    """Something comes in at the rule's address. `find` names the field and the place in the body that say
    which record is meant; without one, or where none is found and `create` says so, a record is created.
    `fields` says which field gets what part of the body: `{"price": "offer.price"}`.
    """

    find: Mapping[str, str] = {}
    create: bool = False
    pipeline: str = ""
    fields: Mapping[str, str] = {}

    needs = {"pipeline": ("create", ())}


#: Base columns whose change rules may answer to.
BASE = {"owner": "owner_id", "department": "department_id", "title": "title"}


def check_created(settings: Created, checking: Checking) -> Created:
    checking.pipeline_of(checking.spec, settings.pipeline)
    return settings


def check_stage_change(settings: StageChange, checking: Checking) -> StageChange:
    """The pipeline is said even where the stage alone would do; a stage of several means each of them."""
    pipeline = checking.pipeline_of(checking.spec, settings.pipeline)
    stage = checking.stage_of(checking.spec, settings.pipeline, settings.stage)
    having = [
        each for each in checking.spec.pipelines if any(own.code == settings.stage for own in each.stages)
    ]
    if stage is not None and pipeline is None and len(having) == 1:
        pipeline = having[0]
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


def check_overdue(settings: Overdue, checking: Checking) -> Overdue:
    checking.stage_of(checking.spec, settings.pipeline, settings.stage)
    checking.pipeline_of(checking.spec, settings.pipeline)
    return settings


def overdue_in_words(settings: Overdue, spec: TypeSpec) -> str:
    phase = {
        Phase.SOON: _("soon due"),
        Phase.OVERDUE: _("overdue"),
        Phase.ESCALATED: _("long overdue"),
    }[settings.phase]
    return f"{phase}: {stage_label(settings, spec)}" if settings.stage else str(phase)


def check_date(settings: DateReached, checking: Checking) -> DateReached:
    if settings.field not in MOMENTS:
        field = checking.field_of(checking.spec, settings.field)
        if field is not None and field.kind not in DATES:
            checking.fault(_("“%s” is no date.") % field.label)
    offset = checking.duration(settings.offset) if settings.offset else ""
    return settings.model_copy(update={"offset": offset})


def check_schedule(settings: Schedule, checking: Checking) -> Schedule:
    if settings.every == "week" and settings.on > 7:
        checking.fault(_("A week has seven days."))
    return settings


def check_button(settings: Button, checking: Checking) -> Button:
    for stage in settings.stages:
        checking.stage_of(checking.spec, settings.pipeline, stage)
    checking.pipeline_of(checking.spec, settings.pipeline)
    return settings


def check_hook(settings: HookIn, checking: Checking) -> HookIn:
    for code in (*settings.find, *settings.fields):
        checking.field_of(checking.spec, code)
    if len(settings.find) > 1:
        checking.fault(_("One field finds the record."))
    if not settings.find and not settings.create:
        checking.fault(_("Say how the record is found, or that one is created."))
    checking.pipeline_of(checking.spec, settings.pipeline)
    return settings


def index_date(rule: CompiledRule, spec: TypeSpec, book: Rulebook) -> None:
    settings: Any = rule.settings
    book.dates[settings.column(spec)].append(rule)


def date_in_words(settings: DateReached, spec: TypeSpec) -> str:
    return f"{offset_in_words(settings.offset)} «{date_label(settings.field, spec)}»".strip()


def schedule_in_words(settings: Schedule, spec: TypeSpec) -> str:
    if settings.every == "day":
        return _("every day at %s") % settings.at
    if settings.every == "week":
        day = date_format(date(2024, 1, settings.on), "l")
        return _("%(day)s at %(time)s") % {"day": day, "time": settings.at}
    return _("on day %(day)s of the month at %(time)s") % {"day": settings.on, "time": settings.at}


def button_in_words(settings: Button, spec: TypeSpec) -> str:
    return _("a button on the card")


def hook_in_words(settings: HookIn, spec: TypeSpec) -> str:
    return _("a web hook comes in")


def stages_of(settings: StageChange, spec: TypeSpec) -> list[int]:
    """Ids of the stages in question; 0 for any."""
    if not settings.pipeline and not settings.stage:
        return [0]
    return [
        stage.id
        for pipeline in spec.pipelines
        if settings.pipeline in ("", pipeline.code)
        for stage in pipeline.stages
        if settings.stage in ("", stage.code)
    ]


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


def stage_label(settings: StageChange | Overdue, spec: TypeSpec) -> str:
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
            "arrow-narrow-right",
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
    trigger_kinds.register(
        "overdue",
        TriggerKind(
            gettext_lazy("A stage is overdue"), "alert-circle", Overdue, check_overdue, overdue_in_words
        ),
    )
    trigger_kinds.register(
        "date",
        TriggerKind(
            gettext_lazy("A date comes"), "calendar", DateReached, check_date, date_in_words, index_date
        ),
    )
    trigger_kinds.register(
        "schedule",
        TriggerKind(gettext_lazy("By the clock"), "clock", Schedule, check_schedule, schedule_in_words),
    )
    trigger_kinds.register(
        "button",
        TriggerKind(gettext_lazy("A button"), "bolt", Button, check_button, button_in_words),
    )
    trigger_kinds.register(
        "hook", TriggerKind(gettext_lazy("Web hook in"), "link", HookIn, check_hook, hook_in_words)
    )
