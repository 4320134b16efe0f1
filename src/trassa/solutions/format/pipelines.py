"""Pipelines: their stages and why records are lost."""

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from trassa.solutions.format.values import Code, Color, Entry, Formula, MeaningName, Time, Words


class ConditionEntry(Entry):
    """A condition that must hold before a record may enter a stage, and what to say when it does not."""

    code: Code
    condition: Formula
    message: Words


class DeadlineEntry(Entry):
    """How long a record may stay in a stage: “2 working days”, “4 hours”, “30 minutes”.

    Counted from its entry, or from the date of `field`; `warning` before the end it is soon due, `escalation`
    behind it the owner's head should know.
    """

    after: Time | None = None
    field: Code | None = None
    warning: Time | None = None
    escalation: Time | None = None

    @model_validator(mode="after")
    def require_an_end(self) -> "DeadlineEntry":
        if self.after is None and self.field is None:
            raise PydanticCustomError("no_end", "say `after` or `field`")
        return self


class ItemEntry(Entry):
    """One thing of a stage's checklist; a required one must be done before a record goes on."""

    code: Code
    label: Words
    required: bool = False


class StageEntry(Entry):
    """One column of a board. `requires` are fields to be filled and `enter_when` conditions to be met before
    a record may enter; empty `next` means that any stage may follow; `reason` asks for one of the
    pipeline's reasons; `checklist` is what is to be done in it, and `deadline` by when."""

    code: Code
    label: Words
    color: Color
    meaning: MeaningName = "open"
    requires: tuple[Code, ...] = ()
    enter_when: tuple[ConditionEntry, ...] = ()
    next: tuple[Code, ...] = ()
    reason: bool = False
    checklist: tuple[ItemEntry, ...] = ()
    deadline: DeadlineEntry | None = None


class ReasonEntry(Entry):
    """Why a record was lost."""

    code: Code
    label: Words


class PipelineEntry(Entry):
    """`pipelines/<code>.yaml`: the way of a type's records through stages."""

    code: Code
    type: Code
    label: Words
    position: int = 0
    stages: tuple[StageEntry, ...]
    reasons: tuple[ReasonEntry, ...] = ()
