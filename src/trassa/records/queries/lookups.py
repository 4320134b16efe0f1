"""What lookups show, read through their links with the rights of the person who asks.

A linked record that the person does not see, or that is in the bin, shows nothing: the same rule as for the
names of linked records. Conditions treat it as empty, so that nobody can guess a value by filtering.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from trassa.access.queries import Actor, reach_sql, restrict
from trassa.access.types import Verb
from trassa.kernel import today
from trassa.records.queries.links import linked_ids, linked_on
from trassa.records.queries.together import Answers, Read, read_together
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec


def look_up(
    actor: Actor, fields: Iterable[FieldSpec], rows: Sequence[Mapping[str, Any]], also: Sequence[Read] = ()
) -> tuple[dict[str, dict[int, Any]], Answers]:
    """Code of each lookup among the fields → record id → value, and the rows of what is read `also`.

    All links are followed in one round trip, and the other reads travel with it.
    """
    by_link: dict[int, list[FieldSpec]] = defaultdict(list)
    for field in fields:
        if field.through is not None:
            by_link[field.through.id].append(field)
    groups = [(group, targets_of(link_of(group[0]), rows)) for group in by_link.values()]
    wanted = [(group, {id for id in targets.values() if id is not None}) for group, targets in groups]
    seen, answers = read_seen(actor, wanted, also)
    found: dict[str, dict[int, Any]] = {}
    for (group, targets), linked in zip(groups, seen, strict=True):
        for field in group:
            known = values_of(field, linked)
            found[field.code] = {
                id: known[target] for id, target in targets.items() if target is not None and target in known
            }
    return found, answers


def targets_of(link: FieldSpec, rows: Sequence[Mapping[str, Any]]) -> dict[int, int | None]:
    """Record id → id of the record that a link leads to; with periods, today."""
    if link.has_periods:
        return {**linked_on(link, [row["id"] for row in rows], today())}
    return {row["id"]: row[link.column] for row in rows}


def values_of(lookup: FieldSpec, linked: Sequence[Mapping[str, Any]]) -> Mapping[int, Any]:
    """Id of a linked record → the value that is shown of it."""
    shown = shown_by(lookup)
    if shown.has_links:
        return linked_ids(shown, linked)
    return {row["id"]: row[shown.column] for row in linked}


def read_seen(
    actor: Actor, wanted: Sequence[tuple[Sequence[FieldSpec], set[int]]], also: Sequence[Read]
) -> tuple[list[list[dict[str, Any]]], Answers]:
    """For each group of lookups through one link and the ids behind it: those of the linked records that the
    person sees, with the columns that are shown of them. And the rows of what is read `also`.

    Written by hand and sent together, because every card and every answer of the API reads them.
    """
    reads: list[Read] = []
    columns: list[list[str] | None] = []
    for group, ids in wanted:
        target = current_generation().types_by_id.get(link_of(group[0]).target_type_id or 0)
        if target is None or not ids:
            columns.append(None)
            continue
        shown = (shown_by(field) for field in group)
        columns.append(["id", *dict.fromkeys(field.column for field in shown if field.has_column)])
        within, values = reach_sql(actor.reach(Verb.SEE, target), target.model)
        text = (
            f"SELECT {', '.join(columns[-1] or ())} FROM {target.table}"
            f" WHERE id = ANY(%s) AND deleted_at IS NULL AND {within}"
        )
        reads.append((text, [list(ids), *values]))
    answers = read_together([*reads, *also])
    rows = iter(answers[: len(reads)])
    seen = [
        [] if names is None else [dict(zip(names, row, strict=True)) for row in next(rows)]
        for names in columns
    ]
    return seen, answers[len(reads) :]


def seen_rows(actor: Actor, lookup: FieldSpec) -> QuerySet[Model, Any] | None:
    """The linked records that this person sees, without the bin; None when they see none of that type."""
    target = current_generation().types_by_id.get(link_of(lookup).target_type_id or 0)
    if target is None:
        return None
    reach = actor.reach(Verb.SEE, target)
    if reach.nothing:
        return None
    return restrict(target.model._default_manager.filter(deleted_at__isnull=True), reach)


def lookup_q(actor: Actor, field: FieldSpec, operation: str, raw: Any) -> Q:
    """The condition of a list on what a lookup shows; raises ValueRefused like any condition.

    Records without a visible linked record count as empty. The condition looks for linked records first,
    by the indexes of their own table, and then follows the link backwards.
    """
    shown = shown_by(field)
    kind = field_kinds.get(shown.kind)
    condition = kind.filter(shown, operation, raw)
    operand = kind.parse_operand(operation, raw, shown, None)
    rows = seen_rows(actor, field)
    seen = leading_to(link_of(field), rows)
    met = leading_to(link_of(field), None if rows is None else rows.filter(condition))
    return met | ~seen if is_met_by_nothing(operation, operand) else met


def leading_to(link: FieldSpec, rows: QuerySet[Model, Any] | None) -> Q:
    """Records whose link leads to one of these rows; with periods, today."""
    if rows is None:
        return Q(pk__in=[])
    if not link.has_periods:
        return Q(**{f"{link.column}__in": rows.values("id")})
    links = current_generation().link_models[link.id]._default_manager
    today_links = links.filter(period__contains=today(), to_id__in=rows.values("id"))
    return Q(id__in=today_links.values("from_id"))


def is_met_by_nothing(operation: str, operand: Any) -> bool:
    """Whether an empty value meets a condition; a flag that nobody touched counts as no."""
    nothing = operand is None or operand is False
    return {"empty": operand is True, "eq": nothing, "ne": not nothing}.get(operation, False)


def conditions_of(field: FieldSpec) -> tuple[str, ...]:
    """The names of the conditions that lists take on a field."""
    return tuple(field_kinds.get(field.displayed.kind).filters)


def link_of(lookup: FieldSpec) -> FieldSpec:
    """The link that a lookup goes through."""
    assert lookup.through is not None
    return lookup.through


def shown_by(lookup: FieldSpec) -> FieldSpec:
    """The field that a lookup shows."""
    assert lookup.shown is not None
    return lookup.shown
