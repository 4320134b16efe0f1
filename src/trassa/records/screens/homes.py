"""Blocks of the home page about records, as ready text."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_of_request
from trassa.access.types import Verb
from trassa.people.queries import is_head, person_of
from trassa.records.queries.filters import ME
from trassa.records.queries.homes import LateRecord, OpenPipeline
from trassa.records.queries.known import list_types
from trassa.records.queries.overdue import OVERDUE, has_deadlines
from trassa.records.screens.cells import card_stem
from trassa.records.screens.totals import total_words
from trassa.schema.types import TypeSpec
from trassa.ui import NavItem, date_exact, date_short


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage with how much of one's own stands in it."""

    label: str
    count: int
    total: str
    overdue: int
    #: The list of what was counted, and of what of it is overdue.
    url: str
    overdue_url: str


@dataclass(frozen=True, slots=True)
class PipelineView:
    label: str
    url: str
    stages: Sequence[StageLine]


@dataclass(frozen=True, slots=True)
class LateView:
    title: str
    url: str
    due: str
    due_exact: str


def usual_blocks(request: HttpRequest) -> list[NavItem]:
    """One's own by stages, what of it is overdue, what everybody works on, the load of those below."""
    actor = actor_of_request(request)
    types = list_types(actor)
    has_pipelines = any(spec.pipelines for spec in types)
    offered = (
        ("records.pipelines", _("My pipelines"), "records:home_pipelines", "layout-kanban", has_pipelines),
        (
            "records.overdue",
            _("My overdue records"),
            "records:home_overdue",
            "clock",
            any(has_deadlines(spec) for spec in types),
        ),
        (
            "records.all_pipelines",
            _("All pipelines"),
            "records:home_all_pipelines",
            "layout-kanban",
            any(spec.pipelines and sees_others(actor, spec) for spec in types),
        ),
        ("records.team", _("Load of the team"), "records:home_team", "users", has_team(request)),
    )
    return [
        NavItem(label, reverse(page), icon, key=key)
        for key, label, page, icon, is_there in offered
        if is_there
    ]


def sees_others(actor: Actor, spec: TypeSpec) -> bool:
    """Whether somebody sees records of this type that are not their own."""
    return any(way.owner_id is None for way in actor.reach(Verb.SEE, spec).ways)


def has_team(request: HttpRequest) -> bool:
    """Whether anybody works below the person: heads, and administrators of everybody."""
    person = person_of(request)
    return person.is_administrator or is_head(person)


def view_pipeline(actor: Actor, found: OpenPipeline, *, only_own: bool) -> PipelineView:
    """One pipeline with its stages; each number leads to the list of what it counts."""
    field = found.spec.by_code.get(found.spec.layouts.board_sum)
    asked = {"owner": ME} if only_own else {}
    listed = reverse("records:list", args=[found.spec.code])
    lines = []
    for stage, each in found.stages:
        total = total_words(field, each.total) if each.total not in (None, Decimal(0)) else ""
        there = {"pipeline": found.pipeline.code, "stage": stage.code, **asked}
        late = {**there, "where": OVERDUE, "order": "stage_due_at"}
        urls = [f"{listed}?{urlencode(query)}" for query in (there, late)]
        lines.append(StageLine(str(stage.label), each.count, total, each.overdue, *urls))
    board = reverse("records:board", args=[found.pipeline.code])
    return PipelineView(str(found.pipeline.label), f"{board}?{urlencode(asked)}" if asked else board, lines)


def view_late(late: LateRecord) -> LateView:
    """One overdue record."""
    url = f"{card_stem(late.spec.code)}{late.id}/"
    return LateView(late.title, url, date_short(late.due_at), date_exact(late.due_at))
