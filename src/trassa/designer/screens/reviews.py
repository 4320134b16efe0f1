"""The review: what applying a draft would do, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from trassa.designer.types import DraftState
from trassa.solutions.types import Plan, Step

_TONES = {"add": "ok", "restore": "ok", "change": "accent", "remove": "bad", "retire": "bad"}
_SIGNS = {"add": "plus", "restore": "refresh", "change": "pencil", "remove": "x", "retire": "trash"}


@dataclass(frozen=True, slots=True)
class StepLine:
    text: str
    icon: str
    tone: str


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
    )


def _line(step: Step) -> StepLine:
    return StepLine(step.words[:1].upper() + step.words[1:], _SIGNS[step.kind], _TONES[step.kind])
