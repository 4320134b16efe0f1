"""A Reach as a condition of a query.

The ways become an OR of equalities, so that PostgreSQL can combine one index scan per way. Who wants
the first rows of an order takes `reach.ways` apart instead and merges the top of each.
"""

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from trassa.access.types import Reach, Way

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


class TakesPart(Func):
    """True for records in which a person takes part without owning them.

    The ids are read once into an array, which an index scan can use inside an OR; a subquery after IN
    could not.
    """

    output_field = BooleanField()

    def __init__(self, pk: str, type_id: int, person_id: int) -> None:
        super().__init__(F(pk))
        self._type_id = type_id
        self._person_id = person_id

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = compiler.compile(self.source_expressions[0])
        sql = (
            f"{column} = ANY (ARRAY(SELECT p.record_id FROM records_participant p"
            " WHERE p.person_id = %s AND p.type_id = %s))"
        )
        return sql, (*parameters, self._person_id, self._type_id)


class InDepartments(Func):
    """True for records of these departments: one array, however many there are. A parameter for each would be
    compiled and bound anew in every statement.
    """

    output_field = BooleanField()

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(F("department_id"))
        self._ids = list(ids)

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        column, parameters = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY (%s)", (*parameters, self._ids)


def reach_q(reach: Reach, *, pk: str = "id") -> Q:
    """The condition on rows of `reach.type_id`; the caller sees to the type. `pk` names the record's id.

    An empty Q means every row: mind that Django drops an empty Q from an OR.
    """
    if reach.nothing:
        return Q(**{f"{pk}__in": []})
    place = Q() if reach.pipeline_id is None else Q(pipeline_id=reach.pipeline_id)
    if reach.everything:
        return place
    return place & reduce(or_, (_way_q(way, reach.type_id, pk) for way in reach.ways))


def restrict(rows: Rows, reach: Reach, *, pk: str = "id") -> Rows:
    """Those of the rows (all of `reach.type_id`) that the reach covers."""
    if reach.nothing:
        return rows.none()
    condition = reach_q(reach, pk=pk)
    return rows.filter(condition) if condition else rows


@lru_cache(maxsize=1024)
def reach_sql(reach: Reach, model: type[Model]) -> tuple[str, tuple[Any, ...]]:
    """The condition as text with its parameters, for statements written by hand over `model`'s table.

    Columns stand behind the table's own name, so it must not have another one there.
    """
    return ("false", ()) if reach.nothing else condition_sql(reach_q(reach), model)


def condition_sql(condition: Q, model: type[Model]) -> tuple[str, tuple[Any, ...]]:
    """A condition on the columns of one table as text with its parameters; an empty one is true."""
    if not condition:
        return "true", ()
    query = model._default_manager.filter(condition).query
    sql, parameters = query.where.as_sql(query.get_compiler(connection=connection), connection)
    return f"({sql})", tuple(parameters)


def _way_q(way: Way, type_id: int, pk: str) -> Q:
    parts: list[Q] = []
    if way.owner_id is not None:
        parts.append(Q(owner_id=way.owner_id) | Q(TakesPart(pk, type_id, way.owner_id)))
    if way.department_ids is not None:
        parts.append(Q(InDepartments(way.department_ids)))
    if way.pipeline_id is not None:
        parts.append(Q(pipeline_id=way.pipeline_id))
    if way.stage_id is not None:
        parts.append(Q(stage_id=way.stage_id))
    return reduce(and_, parts)
