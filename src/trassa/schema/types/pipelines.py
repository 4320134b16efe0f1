"""Pipelines with their stages, reasons of a loss, and what a stage asks for."""

from dataclasses import dataclass
from typing import Literal

from trassa.expressions import Node
from trassa.people.types import Duration
from trassa.schema.types.labels import Label

StageMeaning = Literal["open", "won", "lost"]


@dataclass(frozen=True, slots=True)
class EntryCondition:
    """What must hold before a record may enter a stage, and what people read when it does not."""

    code: str
    condition: Node
    message: Label


@dataclass(frozen=True, slots=True)
class StageDeadline:
    """How long a record may stay in a stage, and what is told before and after."""

    #: Counted from the entry, or from the value of `field_id` (a day ends in the company's zone).
    after: Duration | None
    field_id: int | None = None
    #: So long before the end it counts as soon due.
    warning: Duration | None = None
    #: So long behind the end the owner's head should know.
    escalation: Duration | None = None

    @property
    def needs_calendar(self) -> bool:
        """Whether the moment depends on whose time counts."""
        return self.after is not None and (self.after.is_working or self.after.unit == "day")


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to be done in a stage; a required one before the record goes on."""

    id: int
    code: str
    label: Label
    required: bool = False


@dataclass(frozen=True, slots=True)
class StageSpec:
    id: int
    pipeline_id: int
    code: str
    label: Label
    color: str
    meaning: StageMeaning
    position: int
    #: Fields that must be filled before a record may enter this stage.
    required_field_ids: tuple[int, ...] = ()
    enter_when: tuple[EntryCondition, ...] = ()
    #: Stages that may follow; empty means any of the pipeline.
    next_stage_ids: tuple[int, ...] = ()
    reason_required: bool = False
    deadline: StageDeadline | None = None
    checklist: tuple[ChecklistItem, ...] = ()
    #: Not part of its pipeline any more; still known by id, for history and old records.
    retired: bool = False


@dataclass(frozen=True, slots=True)
class ReasonSpec:
    """Why a record was lost; offered by stages with `reason_required`."""

    id: int
    pipeline_id: int
    code: str
    label: Label
    retired: bool = False


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    id: int
    type_id: int
    code: str
    label: Label
    stages: tuple[StageSpec, ...]
    reasons: tuple[ReasonSpec, ...] = ()
    position: int = 0

    @property
    def first_stage(self) -> StageSpec:
        return self.stages[0]

    def get_stage(self, code: str) -> StageSpec:
        """Raises KeyError when the pipeline has no such stage."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)
