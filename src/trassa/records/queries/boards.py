"""Boards: the first cards of every stage in one statement, counts and sums in another."""

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Count, Q, Sum
from django.db.models.expressions import RawSQL

from trassa.access.queries import Actor
from trassa.access.types import Reach, Verb
from trassa.kernel import now
from trassa.records.queries.filters import filtered
from trassa.records.queries.lists import live_rows
from trassa.records.queries.rows import columns_of, make_records, shown_fields
from trassa.records.queries.time_limits import in_time
from trassa.records.queries.top import Order, Rows, branches_sql, top_of_branches, top_rows, way_branches
from trassa.records.types import ListQuery, Record, RecordPage, StageSum
from trassa.schema.queries import current_generation
from trassa.schema.types import PipelineSpec, TypeSpec

#: Cards stand in the order in which they entered the stage, the latest first.
BOARD_ORDER = Order("stage_entered_at", descending=True, nullable=False)


def card_codes(spec: TypeSpec) -> set[str]:
    """Codes of the fields that a board card shows, and of those that say who takes part."""
    taking_part = (field.code for field in spec.participant_fields)
    return {*spec.layouts.board_subtitle, spec.layouts.board_sum, *taking_part}


@in_time
def board_cards(
    actor: Actor, spec: TypeSpec, pipeline: PipelineSpec, query: ListQuery, *, per_stage: int = 20
) -> Mapping[int, RecordPage]:
    """The first cards of every stage, by stage id; `next` of a page continues with `stage_cards`."""
    reach = actor.reach(Verb.SEE, spec, pipeline)
    shown = shown_fields(actor, spec, card_codes(spec))
    stages: dict[int, list[Record]] = {stage.id: [] for stage in pipeline.stages}
    if not reach.nothing:
        rows = filtered(live_rows(spec), actor, current_generation(), spec, query)
        ids = first_ids(rows, reach, list(stages), per_stage + 1)
        ordered = spec.model._default_manager.filter(pk__in=ids).order_by(*BOARD_ORDER.keys)
        for record in make_records(actor, spec, list(ordered.values(*columns_of(shown))), shown):
            if record.stage_id in stages:
                stages[record.stage_id].append(record)
    return {id: page_of(records, per_stage) for id, records in stages.items()}


def page_of(records: list[Record], limit: int) -> RecordPage:
    """Cut the one record too many that tells whether there is a next page."""
    page = records[:limit]
    following = (page[-1].stage_entered_at, page[-1].id) if len(records) > limit else None
    return RecordPage(items=page, next=following)


def first_ids(rows: Rows, reach: Reach, stage_ids: list[int], limit: int) -> list[int]:
    """Ids of the first rows of each stage: one index scan a stage and way, none longer than `limit`."""
    staged = rows.filter(stage_id=RawSQL("s.id", [])).order_by(*BOARD_ORDER.keys)
    tops, parameters = top_of_branches(staged, branches_sql(reach, rows.model), BOARD_ORDER, limit)
    top_of_stage = f"SELECT * FROM ({tops}) AS u(id, entered) ORDER BY entered DESC, id DESC LIMIT {limit}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM unnest(%s::bigint[]) AS s(id) "
            f"CROSS JOIN LATERAL ({top_of_stage}) AS c(id, entered)",
            [stage_ids, *parameters],
        )
        return [row[0] for row in cursor.fetchall()]


@in_time
def stage_cards(
    actor: Actor, spec: TypeSpec, pipeline: PipelineSpec, stage_id: int, query: ListQuery
) -> RecordPage:
    """The cards of one stage behind `query.after`."""
    shown = shown_fields(actor, spec, card_codes(spec))
    rows = filtered(live_rows(spec), actor, current_generation(), spec, query).filter(stage_id=stage_id)
    reach = actor.reach(Verb.SEE, spec, pipeline)
    columns = columns_of(shown)
    found = top_rows(rows, reach, BOARD_ORDER, columns, limit=query.limit + 1, after=query.after)
    return page_of(make_records(actor, spec, found, shown), query.limit)


@in_time
def board_sums(
    actor: Actor, spec: TypeSpec, pipeline: PipelineSpec, query: ListQuery
) -> Mapping[int, StageSum]:
    """Count and sum of every stage, by stage id; stages without records are there with zero."""
    reach = actor.reach(Verb.SEE, spec, pipeline)
    field = spec.by_code.get(spec.layouts.board_sum)
    visible = field is not None and actor.sees_field(field)
    counts = dict.fromkeys((stage.id for stage in pipeline.stages), 0)
    totals = dict.fromkeys(counts, Decimal(0))
    rows = filtered(live_rows(spec), actor, current_generation(), spec, query)
    rows = rows.filter(stage_id__in=list(counts))
    for part in disjoint_parts(reach):
        grouped = rows.filter(part).order_by().values("stage_id").annotate(n=Count("id"))
        if field is not None and visible:
            grouped = grouped.annotate(total=Sum(field.column))
        for row in grouped:
            counts[row["stage_id"]] += row["n"]
            totals[row["stage_id"]] += row.get("total") or 0
    late = overdue_counts(rows, reach, pipeline)
    return {
        id: StageSum(count, totals[id] if visible else None, late.get(id, 0)) for id, count in counts.items()
    }


def overdue_counts(rows: Rows, reach: Reach, pipeline: PipelineSpec) -> Mapping[int, int]:
    """How many records of each stage are overdue; no query where no stage has a deadline."""
    dated = [stage.id for stage in pipeline.stages if stage.deadline]
    counts: dict[int, int] = {}
    for part in disjoint_parts(reach) if dated else ():
        late = rows.filter(part, stage_id__in=dated, stage_due_at__lt=now()).order_by()
        for row in late.values("stage_id").annotate(n=Count("id")):
            counts[row["stage_id"]] = counts.get(row["stage_id"], 0) + row["n"]
    return counts


def disjoint_parts(reach: Reach) -> list[Q]:
    """The ways of a reach as conditions of which a row meets at most one, so that sums add up."""
    if reach.nothing:
        return []
    if reach.everything:
        return [Q()]
    parts = [part for way in reach.ways for part in way_branches(reach.type_id, way)]
    return [part & ~reduce(or_, parts[:index]) if index else part for index, part in enumerate(parts)]
