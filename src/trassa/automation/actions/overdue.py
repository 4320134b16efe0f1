"""Rules that answer to deadlines of stages."""

from collections.abc import Sequence
from typing import Any

from trassa.access.queries import system_actor
from trassa.automation.actions.occasions import fire
from trassa.automation.types import StageNews
from trassa.schema.queries import current_generation


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
            named = zip((settings.pipeline, settings.stage), here, strict=True)
            return settings.phase is phase and all(name in ("", code) for name, code in named)

        key = f"{each.phase.value}:{each.stage_id}:{each.due_at.isoformat()}"
        cause = {"kind": "deadline"}
        fire("overdue", spec, [each.record_id], actor=system_actor(), cause=cause, key=key, accepts=fits)
