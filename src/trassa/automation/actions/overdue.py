"""Rules that answer to deadlines of stages."""

from collections.abc import Sequence
from typing import Any

from trassa.automation.actions.running import Occasion, start_runs
from trassa.automation.rulebook import rulebook_of
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
        for rule in rulebook_of(spec).by_event.get("overdue", ()):
            settings: Any = rule.settings
            fits = settings.pipeline in ("", pipeline.code) and settings.stage in ("", stage.code)
            if fits and settings.phase is each.phase:
                key = f"{each.phase.value}:{each.stage_id}:{each.due_at.isoformat()}"
                occasion = Occasion("overdue", cause={"kind": "deadline"}, key=key)
                start_runs(rule, spec, [each.record_id], occasion)
