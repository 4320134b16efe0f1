"""What an administrator or a pack wants a pipeline or the options of a choice to be."""

from dataclasses import dataclass

from trassa.schema.types import CardTab, EntryCondition, Label, StageMeaning


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """One value of a choice field."""

    code: str
    label: Label
    color: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineDraft:
    """The deadline of a stage: durations like “2 working days”, and the code of the date it counts from."""

    after: str = ""
    field: str = ""
    warning: str = ""
    escalation: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """One thing of a checklist."""

    code: str
    label: Label
    required: bool = False


@dataclass(frozen=True, slots=True)
class StageDraft:
    """One stage. Required fields and next stages stand as codes; no next stages means any."""

    code: str
    label: Label
    color: str = ""
    meaning: StageMeaning = "open"
    required_fields: tuple[str, ...] = ()
    enter_when: tuple[EntryCondition, ...] = ()
    next_stages: tuple[str, ...] = ()
    reason_required: bool = False
    deadline: DeadlineDraft | None = None
    checklist: tuple[ItemDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonDraft:
    """Why a record was lost."""

    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class PipelineDraft:
    """A pipeline with its stages in order."""

    code: str
    label: Label
    stages: tuple[StageDraft, ...]
    reasons: tuple[ReasonDraft, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A further layout of a card: for roles and stages by their codes, ("sales", "booking")."""

    code: str
    label: Label
    tabs: tuple[CardTab, ...]
    roles: tuple[str, ...] = ()
    stages: tuple[tuple[str, str], ...] = ()
