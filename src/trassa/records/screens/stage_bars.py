"""The way of a record through its pipeline, as its card draws it: stages, what the next needs, checklist."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from trassa.access.queries import Actor
from trassa.access.types import Row, Verb
from trassa.people.queries import names_of
from trassa.records.queries import missing_for_stage
from trassa.records.queries.checklists import read_checklist
from trassa.records.queries.verdicts import Obstacle, list_obstacles
from trassa.records.rules import Verdict
from trassa.records.screens.deadlines import DueView, due_view
from trassa.records.types import Record
from trassa.schema.types import PipelineSpec, StageSpec, TypeSpec
from trassa.ui import date_short


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the bar. `state` is "done", "now" or "ahead"."""

    code: str
    label: str
    state: str
    meaning: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """One thing of the stage's checklist; `url` ticks it, "" for those who may not."""

    code: str
    label: str
    required: bool
    is_done: bool
    #: Who did it when.
    done: str
    url: str


@dataclass(frozen=True, slots=True)
class StageBar:
    """The way through the pipeline, with what the next stage still needs."""

    steps: Sequence[Step]
    #: Stages of failure, offered beside the bar.
    losses: Sequence[Step]
    next_label: str
    lacking: Sequence[tuple[str, str]]
    #: Conditions of the next stage that do not hold, each with the code of the field to begin with; those
    #: about fields that are missing anyway come later.
    obstacles: Sequence[tuple[str, str]]
    reason: str
    due: DueView | None = None
    checklist: Sequence[CheckView] = ()


class BarMaker:
    """Makes the stage bar of one card for one person."""

    def __init__(
        self,
        actor: Actor,
        spec: TypeSpec,
        record: Record,
        row: Row,
        verdict: Verdict,
        *,
        is_past: bool,
        editable: bool,
    ) -> None:
        self.actor = actor
        self.spec = spec
        self.record = record
        self.row = row
        self.is_past = is_past
        self.editable = editable
        self.binned = record.deleted_at is not None
        self.pipeline = spec.find_pipeline(record.pipeline_id)
        self.following = None if is_past else self.next_stage()
        #: What the next stage asks for and the record has empty, by code.
        self.lacking = {
            field.code: field
            for field in (missing_for_stage(actor, spec, record, self.following) if self.following else ())
            if verdict.shows(field)
        }
        self.obstacles = list_obstacles(actor, spec, record.id, self.following) if self.following else []

    def next_stage(self) -> StageSpec | None:
        """The stage that usually follows: the next one in order, as far as it is allowed."""
        pipeline, present = self.pipeline, self.present_stage()
        if pipeline is None or present is None or present.meaning != "open" or self.binned:
            return None
        ahead = [s for s in pipeline.stages if s.position > present.position and s.meaning != "lost"]
        return next((stage for stage in ahead if is_allowed(present, stage)), None)

    def present_stage(self) -> StageSpec | None:
        stages = self.pipeline.stages if self.pipeline else ()
        return next((stage for stage in stages if stage.id == self.record.stage_id), None)

    def bar(self) -> StageBar | None:
        """The arrows over the card; none for types without pipelines."""
        pipeline, present = self.pipeline, self.present_stage()
        if pipeline is None or present is None:
            return None
        movable = not self.binned and not self.is_past and self.actor.may(Verb.MOVE, self.row)
        steps = [step_of(stage, present, movable) for stage in pipeline.stages]
        return StageBar(
            steps=[step for step in steps if step.meaning != "lost" or step.state == "now"],
            losses=[
                step for step in steps if step.meaning == "lost" and step.state != "now" and step.allowed
            ],
            next_label=str(self.following.label) if self.following else "",
            lacking=[(code, str(field.label)) for code, field in self.lacking.items()],
            obstacles=[
                (each.message, first_code(each))
                for each in self.obstacles
                if not any(field.code in self.lacking for field in each.fields)
            ],
            reason=reason_label(pipeline, self.record.reason_id),
            due=None if self.binned or self.is_past else due_view(self.record, present),
            checklist=() if self.is_past else self.checklist(present),
        )

    def checklist(self, stage: StageSpec) -> Sequence[CheckView]:
        """What is to be done in the present stage; two queries, none for a stage without a checklist."""
        lines = read_checklist(self.record.id, stage)
        names = names_of(line.person_id for line in lines if line.person_id is not None)
        may = not self.binned and (self.editable or self.actor.may(Verb.MOVE, self.row))
        return [
            CheckView(
                code=line.item.code,
                label=str(line.item.label),
                required=line.item.required,
                is_done=line.at is not None,
                done=", ".join(filter(None, (names.get(line.person_id or 0), date_short(line.at)))),
                url=reverse("records:tick", args=[self.spec.code, self.record.id, line.item.code])
                if may
                else "",
            )
            for line in lines
        ]


def first_code(obstacle: Obstacle) -> str:
    """The field at which somebody would begin, "" when there is none."""
    return next((field.code for field in obstacle.fields), "")


def step_of(stage: StageSpec, present: StageSpec, movable: bool) -> Step:
    """One stage beside the present one."""
    if stage.id == present.id:
        state = "now"
    else:
        state = "done" if stage.position < present.position and present.meaning != "lost" else "ahead"
    allowed = movable and stage.id != present.id and is_allowed(present, stage)
    return Step(stage.code, str(stage.label), state, stage.meaning, allowed)


def is_allowed(present: StageSpec, stage: StageSpec) -> bool:
    """Whether the present stage lets a record go to another one."""
    return not present.next_stage_ids or stage.id in present.next_stage_ids


def reason_label(pipeline: PipelineSpec, reason_id: int | None) -> str:
    return next((str(reason.label) for reason in pipeline.reasons if reason.id == reason_id), "")
