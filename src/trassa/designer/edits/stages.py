"""Edits of pipelines: stages, their rules and order, and reasons."""

from collections.abc import Iterable
from typing import Any

from trassa.designer.codes import Row, named_rows, propose_code
from trassa.designer.types import Design
from trassa.kernel import NotFound
from trassa.solutions.types import ConditionEntry, ItemEntry, PipelineEntry, ReasonEntry, StageEntry, Words

#: Colours that new stages get, one after the other.
COLORS = ("#2563eb", "#7c3aed", "#d97706", "#0d9488", "#db2777", "#65a30d")


def add_stage(design: Design, pipeline: str, label: Words) -> Design:
    """One more stage, behind the last open one."""
    entry = design.pipeline(pipeline)
    code = propose_code(label.ru, {stage.code for stage in entry.stages}, fallback="stage")
    stage = StageEntry(code=code, label=label, color=COLORS[len(entry.stages) % len(COLORS)])
    at = max((index + 1 for index, each in enumerate(entry.stages) if each.meaning == "open"), default=0)
    return design.with_stages(pipeline, (*entry.stages[:at], stage, *entry.stages[at:]))


def change_stage(design: Design, pipeline: str, code: str, **changes: Any) -> Design:
    """A stage with other words, colour or rules."""
    stage = find_stage(design.pipeline(pipeline), code).model_copy(update=changes)
    stages = design.pipeline(pipeline).stages
    return design.with_stages(pipeline, tuple(stage if each.code == code else each for each in stages))


def move_stage(design: Design, pipeline: str, code: str, step: int) -> Design:
    """A stage so many places further."""
    stages = list(design.pipeline(pipeline).stages)
    stage = find_stage(design.pipeline(pipeline), code)
    at = stages.index(stage)
    stages.remove(stage)
    stages.insert(max(0, at + step), stage)
    return design.with_stages(pipeline, tuple(stages))


def remove_stage(design: Design, pipeline: str, code: str) -> Design:
    """The design without a stage; others no longer lead to it."""
    gone = find_stage(design.pipeline(pipeline), code)
    stages = tuple(
        stage.model_copy(update={"next": tuple(each for each in stage.next if each != code)})
        for stage in design.pipeline(pipeline).stages
        if stage.code != gone.code
    )
    return design.with_stages(pipeline, stages)


def set_reasons(design: Design, pipeline: str, rows: Iterable[Row]) -> Design:
    """The pipeline with these reasons."""
    named = named_rows(rows, fallback="reason")
    reasons = tuple(ReasonEntry(code=code, label=label) for _index, code, label in named)
    return design.with_pipeline(pipeline, reasons=reasons)


def make_conditions(rows: Iterable[Row], formulas: list[str]) -> tuple[ConditionEntry, ...]:
    """Conditions of entering with what to say when they do not hold: without a formula one goes."""
    rows = list(rows)
    taken = {code for code, _ru, _en in rows if code}
    conditions = []
    for (code, ru, en), formula in zip(rows, formulas, strict=True):
        if formula.strip():
            own = code or propose_code("condition", taken)
            taken.add(own)
            words = Words(ru=ru.strip() or en.strip() or formula.strip(), en=en.strip())
            conditions.append(ConditionEntry(code=own, condition=formula, message=words))
    return tuple(conditions)


def make_checklist(rows: Iterable[Row], required: list[bool]) -> tuple[ItemEntry, ...]:
    """What is to be done in a stage."""
    named = named_rows(rows, fallback="item")
    return tuple(ItemEntry(code=code, label=label, required=required[index]) for index, code, label in named)


def find_stage(pipeline: PipelineEntry, code: str) -> StageEntry:
    """Raises NotFound."""
    found = next((stage for stage in pipeline.stages if stage.code == code), None)
    if found is None:
        raise NotFound("There is no such stage.")
    return found
