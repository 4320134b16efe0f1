"""The review: what applying a draft would do, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from trassa.designer.screens.heads import said
from trassa.designer.types import DraftState
from trassa.schema.registries import field_kinds
from trassa.solutions.types import Plan, PlannedConversion, Step

#: Values that do not fit and are shown one by one.
_EXAMPLES = 10
_TONES = {"add": "ok", "restore": "ok", "change": "accent", "remove": "bad", "retire": "bad"}
_SIGNS = {"add": "plus", "restore": "refresh", "change": "pencil", "remove": "x", "retire": "trash"}


@dataclass(frozen=True, slots=True)
class StepLine:
    text: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class UnfitValue:
    """A value that does not fit, with the record that has it."""

    number: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class ConversionReport:
    """A field that becomes another kind: what becomes of its values."""

    field: str
    label: str
    before: str
    after: str
    #: In words: how many values, how many are rewritten, how many do not fit.
    count: int
    rewritten: int
    unfit: int
    examples: Sequence[UnfitValue]
    #: How many more than the examples there are.
    more: int
    emptying: bool


@dataclass(frozen=True, slots=True)
class Review:
    steps: Sequence[StepLine]
    notes: Sequence[str]
    conflicts: Sequence[str]
    obstacles: Sequence[str]
    can_apply: bool
    mine_wins: bool
    apply_url: str
    mine_url: str
    conversions: Sequence[ConversionReport]
    unfit_url: str


def make_review(draft: DraftState, plan: Plan, *, mine_wins: bool) -> Review:
    url = reverse("designer:review", args=[draft.code])
    return Review(
        steps=[_line(step) for step in plan.steps],
        notes=plan.notes,
        conflicts=plan.conflicts,
        obstacles=plan.obstacles,
        can_apply=bool(plan.steps) and not plan.conflicts and not plan.obstacles,
        mine_wins=mine_wins,
        apply_url=reverse("designer:apply", args=[draft.code]),
        mine_url=f"{url}?mine=1",
        conversions=[_report(draft, each) for each in plan.conversions],
        unfit_url=reverse("designer:unfit", args=[draft.code]),
    )


def _report(draft: DraftState, planned: PlannedConversion) -> ConversionReport:
    found = planned.conversion
    return ConversionReport(
        field=planned.field,
        label=said(draft.design.field(planned.field).label),
        before=str(field_kinds.get(planned.before).label),
        after=str(field_kinds.get(found.kind).label),
        count=found.count,
        rewritten=len(found.rewritten),
        unfit=len(found.unfit),
        examples=[
            UnfitValue(each.number, reverse("records:card", args=[planned.type, each.id]), each.text)
            for each in found.unfit[:_EXAMPLES]
        ],
        more=max(0, len(found.unfit) - _EXAMPLES),
        emptying=planned.emptying,
    )


def _line(step: Step) -> StepLine:
    return StepLine(step.words[:1].upper() + step.words[1:], _SIGNS[step.kind], _TONES[step.kind])
