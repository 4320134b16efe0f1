"""The first rows of an order, reached by several ways, at a cost that does not grow with the table.

`WHERE owner = me OR department = mine ORDER BY … LIMIT 80` makes PostgreSQL read all rows of one way
or walk an index past everybody else's. Each way alone has an index in the right order, so the first
rows of each way are taken and merged: at most `limit` rows a way are ever touched.

With further conditions the departments of one way stay together. No index then gives the first rows
directly, and one statement lets PostgreSQL choose: walk the order past what does not fit, or take what fits
by the condition's own index and sort it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet

from trassa.access.queries import InDepartments, condition_sql, reach_q
from trassa.access.types import Reach, Way
from trassa.records.models import Participant

#: More branches than this are not merged one by one: it would cost more than it saves.
MAX_BRANCHES = 12

#: Stands in a statement where the condition of a branch is put.
_BRANCH = "the branch"

Rows = QuerySet[Model, Any]
#: The condition of a branch as text, with its parameters.
Branch = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """Sorting by one column, then by id in the same direction. Empty values come last both ways."""

    column: str
    descending: bool
    nullable: bool

    @property
    def keys(self) -> tuple[str, ...]:
        sign = "-" if self.descending else ""
        return (f"{sign}id",) if self.column == "id" else (f"{sign}{self.column}", f"{sign}id")

    def phases(self, after: tuple[Any, int] | None) -> Iterator[Q]:
        """Conditions to be read one after another: filled values behind `after`, then empty ones."""
        step = "lt" if self.descending else "gt"
        if self.column == "id":
            yield Q(**{f"id__{step}": after[1]}) if after else Q()
            return
        filled = Q(**{f"{self.column}__isnull": False}) if self.nullable else Q()
        if after is None:
            yield filled
        elif after[0] is not None:
            value, id = after
            same = Q(**{self.column: value, f"id__{step}": id})
            # The redundant bound lets the index start at the cursor in spite of the OR.
            bound = Q(**{f"{self.column}__{step}e": value})
            yield bound & (Q(**{f"{self.column}__{step}": value}) | same)
        if self.nullable:
            empty = Q(**{f"{self.column}__isnull": True})
            past_filled = after is not None and after[0] is None
            yield empty & Q(**{f"id__{step}": after[1]}) if after and past_filled else empty


def branches(reach: Reach, *, each_department: bool = True) -> list[Q]:
    """The ways of a reach as conditions that each have an index; possibly overlapping.

    Where there are too many departments they stay together: their rows are then so many that the order's
    index meets enough of them soon.
    """
    if reach.everything:
        return [Q()]
    for apart in (True, False) if each_department else (False,):
        found = [
            branch for way in reach.ways for branch in way_branches(reach.type_id, way, each_department=apart)
        ]
        if len(found) <= MAX_BRANCHES:
            return found
    return [reach_q(reach)]


def way_branches(type_id: int, way: Way, *, each_department: bool = False) -> list[Q]:
    """One way, split where a single index cannot serve it.

    `each_department` also splits departments, for the first rows of an order: an index that begins with
    the department is in order only within one.
    """
    place = Q()
    if way.pipeline_id is not None:
        place &= Q(pipeline_id=way.pipeline_id)
    if way.stage_id is not None:
        place &= Q(stage_id=way.stage_id)
    departments = way.department_ids
    if departments is not None and each_department and way.owner_id is None:
        return [Q(department_id=id) & place for id in departments]
    if departments is not None:
        place &= Q(InDepartments(departments))
    if way.owner_id is None:
        return [place]
    takes_part = Participant.objects.filter(person_id=way.owner_id, type_id=type_id).values("record_id")
    return [Q(owner_id=way.owner_id) & place, Q(id__in=takes_part) & place]


def top_rows(
    rows: Rows,
    reach: Reach,
    order: Order,
    columns: list[str],
    *,
    limit: int,
    after: tuple[Any, int] | None,
    narrowed: bool = False,
) -> list[dict[str, Any]]:
    """The first `limit` rows behind `after` that the reach covers, as dictionaries of `columns`.

    `narrowed` says that `rows` has conditions which the order's index does not serve.
    """
    if reach.nothing:
        return []
    found: list[dict[str, Any]] = []
    parts = branches_sql(reach, rows.model, each_department=not narrowed)
    for phase in order.phases(after):
        left = limit - len(found)
        if left <= 0:
            break
        ordered = rows.filter(phase).order_by(*order.keys)
        if len(parts) > 1:
            ids = merged_ids(ordered, parts, order, left)
            ordered = rows.filter(pk__in=ids).order_by(*order.keys)
            found += ordered.values(*columns)
        else:
            [(sql, parameters)] = parts
            found += ordered.extra(where=[sql], params=parameters).values(*columns)[:left]
    return found


def merged_ids(ordered: Rows, parts: Sequence[Branch], order: Order, limit: int) -> list[int]:
    """Ids of the first rows over all branches: top-N of each, united, top-N of that."""
    tops, parameters = top_of_branches(ordered, parts, order, limit)
    direction = " DESC" if order.descending else ""
    keys = f"1{direction}" if order.column == "id" else f"2{direction}, 1{direction}"
    with connection.cursor() as cursor:
        cursor.execute(f"{tops} ORDER BY {keys} LIMIT {limit}", parameters)
        return [row[0] for row in cursor.fetchall()]


def top_of_branches(
    ordered: Rows, parts: Sequence[Branch], order: Order, limit: int
) -> tuple[str, list[Any]]:
    """The statement that unites the first `limit` rows of each branch: id, and the ordering column if
    that is another one.

    Django compiles the rows once; the branches, which are always the same, are put in as text.
    """
    keys = ("id",) if order.column == "id" else ("id", order.column)
    top = ordered.extra(where=[_BRANCH]).values_list(*keys)[:limit]
    statement, parameters = top.query.sql_with_params()
    tops: list[str] = []
    values: list[Any] = []
    for sql, own in parts:
        tops.append(f"({statement.replace(_BRANCH, sql)})")
        values += [*parameters, *own]
    return " UNION ".join(tops), values


@lru_cache(maxsize=1024)
def branches_sql(reach: Reach, model: type[Model], *, each_department: bool = True) -> list[Branch]:
    """The branches of a reach as text with parameters."""
    return [condition_sql(each, model) for each in branches(reach, each_department=each_department)]
