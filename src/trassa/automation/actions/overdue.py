"""Rules that answer to deadlines of stages: when a phase comes, and for records that are in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from trassa.access.queries import system_actor
from trassa.automation.actions.occasions import fire
from trassa.automation.actions.running import Occasion, start_runs
from trassa.automation.moments import shifted
from trassa.automation.triggers import Overdue
from trassa.automation.types import CompiledRule, Phase, StageNews
from trassa.kernel import now
from trassa.people.queries import open_calendars
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

_CAUSE = {"kind": "deadline"}


def meet_deadlines(news: Sequence[StageNews]) -> None:
    """Start the rules for stages that are soon due, overdue or long overdue."""
    generation = current_generation()
    for each in news:
        spec = generation.types_by_id.get(each.type_id)
        stage = generation.stages_by_id.get(each.stage_id)
        pipeline = generation.pipelines_by_id.get(stage.pipeline_id) if stage else None
        if spec is None or stage is None or pipeline is None:
            continue

        def fits(
            settings: Any, here: tuple[str, str] = (pipeline.code, stage.code), phase: Any = each.phase
        ) -> bool:
            return settings.phase is phase and is_meant(settings, *here)

        key = key_of(each.phase, each.stage_id, each.due_at)
        fire("overdue", spec, [each.record_id], actor=system_actor(), cause=_CAUSE, key=key, accepts=fits)


def is_meant(settings: Overdue, pipeline: str, stage: str) -> bool:
    """Whether a rule is about a stage."""
    return settings.pipeline in ("", pipeline) and settings.stage in ("", stage)


def key_of(phase: Phase, stage_id: int, due_at: datetime) -> str:
    """A phase of one deadline, which a record answers to once, however it was found."""
    return f"{phase.value}:{stage_id}:{due_at.isoformat()}"


def standing(rule: CompiledRule, spec: TypeSpec) -> Q:
    """Records that may stand in the phase of a rule already."""
    settings: Any = rule.settings
    stages = [
        stage.id
        for pipeline in spec.pipelines
        for stage in pipeline.stages
        if stage.deadline is not None and is_meant(settings, pipeline.code, stage.code)
    ]
    moment = now()
    soon = Q(stage_warn_at__lte=moment, stage_due_at__gt=moment)
    return Q(stage_id__in=stages) & (soon if settings.phase is Phase.SOON else Q(stage_due_at__lte=moment))


def answer_standing(rule: CompiledRule, spec: TypeSpec, ids: Sequence[int], key: str) -> None:
    """Carry a rule out for those of these records that stand in its phase and have not answered to it."""
    settings: Any = rule.settings
    columns = ("id", "stage_id", "owner_id", "department_id", "stage_due_at")
    rows = spec.model._default_manager.filter(pk__in=list(ids)).values(*columns)
    stages, book, moment = current_generation().stages_by_id, open_calendars(), now()
    for row in rows.order_by("pk"):
        deadline = stages[row["stage_id"]].deadline
        if settings.phase is Phase.ESCALATED:
            calendar = book.of(row["owner_id"], row["department_id"])
            span = deadline.escalation if deadline else None
            escalates_at = shifted(row["stage_due_at"], span, calendar) if span else None
            if escalates_at is None or escalates_at > moment:
                continue
        own_key = key_of(settings.phase, row["stage_id"], row["stage_due_at"])
        start_runs(rule, spec, [row["id"]], Occasion("overdue", cause=_CAUSE, key=own_key))
