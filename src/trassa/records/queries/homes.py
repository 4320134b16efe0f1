"""What stands on a home page about records: one's own by stages, what is overdue, the load of a team."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.kernel import now
from trassa.people.queries import names_of
from trassa.records.queries.boards import board_sums
from trassa.records.queries.known import list_pipelines, list_types
from trassa.records.queries.lists import live_rows
from trassa.records.queries.overdue import has_deadlines
from trassa.records.types import Filter, ListQuery, StageSum
from trassa.schema.types import PipelineSpec, StageSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class OpenPipeline:
    """The open stages of a pipeline in which there are records."""

    spec: TypeSpec
    pipeline: PipelineSpec
    stages: Sequence[tuple[StageSpec, StageSum]]


@dataclass(frozen=True, slots=True)
class LateRecord:
    """A record of one's own whose stage is overdue, with the moment at which it was due."""

    spec: TypeSpec
    id: int
    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """How much somebody works on, of what the reader sees."""

    person_id: int
    name: str
    open: int = 0
    overdue: int = 0


def open_pipelines(actor: Actor, *, only_own: bool) -> list[OpenPipeline]:
    """The pipelines with open records, one's own or all that one sees, with counts and sums by stage."""
    found = []
    query = ListQuery(filters=(Filter("owner", "eq", actor.id),)) if only_own else ListQuery()
    for spec in list_types(actor):
        for pipeline in list_pipelines(actor, spec):
            sums = board_sums(actor, spec, pipeline, query)
            stages = [
                (stage, sums[stage.id])
                for stage in pipeline.stages
                if stage.meaning == "open" and sums[stage.id].count
            ]
            if stages:
                found.append(OpenPipeline(spec, pipeline, stages))
    return found


def own_overdue(actor: Actor, *, limit: int = 10) -> list[LateRecord]:
    """The person's own records whose stage is overdue, the longest overdue first; a query a type."""
    late: list[LateRecord] = []
    for spec in list_types(actor):
        if has_deadlines(spec):
            rows = live_rows(spec).filter(owner_id=actor.id, stage_due_at__lt=now())
            rows = restrict(rows, actor.reach(Verb.SEE, spec)).order_by("stage_due_at")
            late += [
                LateRecord(spec, *row) for row in rows.values_list("id", "title", "stage_due_at")[:limit]
            ]
    return sorted(late, key=lambda each: each.due_at)[:limit]


def loads_of(actor: Actor, person_ids: Collection[int], *, limit: int = 30) -> list[Load]:
    """How much these people work on, who is overdue most first; a query a type, and one for names."""
    counts = {id: [0, 0] for id in person_ids}
    for spec in list_types(actor):
        stages = spec.open_stage_ids
        if not stages:
            continue
        rows = live_rows(spec).filter(owner_id__in=list(person_ids), stage_id__in=stages)
        rows = restrict(rows, actor.reach(Verb.SEE, spec)).order_by()
        late = Count("pk", filter=Q(stage_due_at__lt=now()))
        for owner_id, open, overdue in rows.values_list("owner_id").annotate(n=Count("pk"), late=late):
            counts[owner_id][0] += open
            counts[owner_id][1] += overdue
    names = names_of(counts)
    loads = [Load(id, names.get(id, ""), *pair) for id, pair in counts.items()]
    return sorted(loads, key=lambda each: (-each.overdue, -each.open, each.name))[:limit]
