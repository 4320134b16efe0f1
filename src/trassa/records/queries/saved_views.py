"""Saved views as one person may use them, with fields under the codes that they have today.

A person has their own views and those shared with one of their roles; who may share sees every shared one.
What a view says about fields that are gone, or that the person may not see, is left out and told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.expressions import Node, from_json, write
from trassa.kernel import NotFound
from trassa.people.queries import count_holders_of_any
from trassa.records.models import SavedView as Row
from trassa.records.models import ViewDefault, ViewRole
from trassa.records.queries.expressions import reader_scope, reader_style
from trassa.records.queries.filters import read_operand
from trassa.records.types import Arrangement, Column, Filter, ListQuery, Narrowing, SavedView
from trassa.schema.queries import SchemaScope, current_generation
from trassa.schema.types import Label, PipelineSpec, TypeSpec

#: Written by hand, because every list and board begins with it, and composing it took longer than the answer.
_DEFAULT = """
    SELECT d.view_id FROM records_viewdefault d
    JOIN records_savedview v ON v.id = d.view_id AND v.removed_at IS NULL
    LEFT JOIN people_role r ON r.id = d.role_id
    WHERE d.type_id = %(type)s AND d.pipeline_id IS NOT DISTINCT FROM %(pipeline)s
      AND (d.person_id = %(person)s OR d.role_id = ANY(%(roles)s))
      AND (v.person_id = %(person)s OR EXISTS (
        SELECT FROM records_viewrole s WHERE s.view_id = v.id AND (%(sees_all)s OR s.role_id = ANY(%(roles)s))
      ))
    ORDER BY d.person_id IS NULL, r.code LIMIT 1
"""

#: Stands in a written expression for what cannot be named.
UNNAMED = "[?]"


def may_share(actor: Actor) -> bool:
    """Whether the person gives views to roles: whoever may change what roles permit."""
    return actor.everything and actor.id is not None


def may_change(actor: Actor, view: SavedView) -> bool:
    """Whether the person may change the view: their own, and one that others use only who may share."""
    return may_share(actor) if view.role_ids else view.owner_id == actor.id


def list_views(actor: Actor, spec: TypeSpec, pipeline: PipelineSpec | None) -> list[SavedView]:
    """The person's views of a type (of its pipeline when given), own ones first, by name."""
    rows = rows_of_place(visible_rows(actor), spec.id, pipeline.id if pipeline else None)
    views = [read_view(actor, spec, row) for row in rows.order_by("name", "id")]
    return sorted(views, key=lambda view: bool(view.role_ids))


def find_view(actor: Actor, id: int) -> SavedView | None:
    """One of the person's views; None for other people's, and where the type or pipeline is gone."""
    row = visible_rows(actor).filter(pk=id).first()
    spec = current_generation().types_by_id.get(row.type_id) if row else None
    if row is None or spec is None or (row.pipeline_id and spec.find_pipeline(row.pipeline_id) is None):
        return None
    return read_view(actor, spec, row)


def get_view(actor: Actor, id: int) -> SavedView:
    """One of the person's views; raises NotFound."""
    view = find_view(actor, id)
    if view is None:
        raise NotFound(_("There is no such view."))
    return view


def find_default(actor: Actor, spec: TypeSpec, pipeline: PipelineSpec | None) -> SavedView | None:
    """The view that opens for the person who comes here: their own choice, else that of the first of their
    roles, by code, which has one."""
    if actor.id is None:
        return None
    wanted: dict[str, Any] = {
        "person": actor.id,
        "roles": list(actor.role_ids),
        "sees_all": may_share(actor),
        "type": spec.id,
        "pipeline": pipeline.id if pipeline else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DEFAULT, wanted)
        found = cursor.fetchone()
    return find_view(actor, found[0]) if found else None


def view_query(actor: Actor, spec: TypeSpec, view: SavedView) -> ListQuery:
    """The records of a view; order and limit are those of any list unless it says otherwise."""
    narrowing = view.narrowing
    filters = [
        Filter(each.field, each.operation, read_operand(actor, spec, each.field, str(each.value)))
        for each in narrowing.filters
    ]
    if (pipeline := spec.find_pipeline(view.pipeline_id)) is not None:
        filters.append(Filter("pipeline", "eq", pipeline.code))
    query = ListQuery(filters, narrowing.text, where=narrowing.where)
    return replace(query, order=narrowing.order) if narrowing.order else query


def count_users(view: SavedView) -> int:
    """How many active people beside its owner see the view."""
    return count_holders_of_any(view.role_ids, but=view.owner_id)


def own_rows(actor: Actor) -> QuerySet[Row]:
    """The person's own rows, removed ones too; the system has none."""
    return Row.objects.none() if actor.id is None else Row.objects.filter(person_id=actor.id)


def visible_rows(actor: Actor) -> QuerySet[Row]:
    """The rows that the person may use, with the roles that they are shared with and open for."""
    if actor.id is None:
        return Row.objects.none()
    shares = ViewRole.objects.filter(view_id=OuterRef("pk"))
    if not may_share(actor):
        shares = shares.filter(role__held_by__person_id=actor.id, role__retired_at=None)
    rows = Row.objects.filter(Q(person_id=actor.id) | Exists(shares), removed_at=None)
    defaults = ViewDefault.objects.filter(view_id=OuterRef("pk"))
    return rows.annotate(
        role_ids=ArraySubquery(ViewRole.objects.filter(view_id=OuterRef("pk")).values("role_id")),
        default_role_ids=ArraySubquery(defaults.filter(person=None).values("role_id")),
        is_own_default=Exists(defaults.filter(person_id=actor.id)),
    )


def rows_of_place(rows: QuerySet[Row], type_id: int, pipeline_id: int | None) -> QuerySet[Row]:
    """Those of a type, or of one of its pipelines."""
    return rows.filter(Q(type_id=type_id, pipeline_id=pipeline_id))


def read_view(actor: Actor, spec: TypeSpec, row: Any) -> SavedView:
    """A row of `visible_rows` as it can be used."""
    reader = _Reader(actor, spec, {}, set())
    filters = [
        Filter(code, line["operation"], line["value"])
        for line in row.lines
        if (code := reader.code(line)) is not None
    ]
    columns = tuple(
        Column(code, place.get("width", 0))
        for place in row.columns
        if (code := reader.code(place)) is not None
    )
    order = reader.code(row.order) if row.order else None
    sign = "-" if row.order and row.order["descending"] else ""
    where = None if row.where is None else reader.expression(from_json(row.where))
    arrangement = Arrangement(row.look, columns, reader.code(row.group) or "", reader.code(row.day) or "")
    return SavedView(
        id=row.pk,
        name=row.name,
        type_id=row.type_id,
        pipeline_id=row.pipeline_id,
        owner_id=row.person_id,
        narrowing=Narrowing(filters, row.text, f"{sign}{order}" if order else "", where),
        arrangement=arrangement,
        role_ids=frozenset(row.role_ids),
        missing=tuple(reader.missing),
        is_partial=bool(reader.hidden),
        is_own_default=row.is_own_default,
        default_role_ids=frozenset(row.default_role_ids),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds today's codes for one person, and notes what is gone and what they may not see."""

    actor: Actor
    spec: TypeSpec
    #: Names of what is gone, in order.
    missing: dict[str, None]
    hidden: set[int]

    def code(self, place: Mapping[str, Any] | None) -> str | None:
        """Today's code of a field or a base column; None for a field that is retired or masked."""
        if place is None:
            return None
        if "column" in place:
            return str(place["column"])
        field = self.spec.by_id.get(place["field"])
        if field is None:
            self.missing[str(Label(**place["label"]))] = None
            return None
        if self.actor.sees_field(field):
            return field.code
        self.hidden.add(field.id)
        return None

    def expression(self, node: Node) -> Node | None:
        """The expression, unless it speaks of what the person may not see."""
        text = write_for(self.actor, self.spec, node)
        gone = text.count(UNNAMED)
        if not gone:
            return node
        everything = SchemaScope(current_generation())
        if gone > write(node, everything, self.spec.id, reader_style()).count(UNNAMED):
            self.hidden.add(0)
            return None
        self.missing[text] = None
        return node


def write_for(actor: Actor, spec: TypeSpec, node: Node) -> str:
    """An expression as the person writes it; what is gone for them stands as [?]."""
    return write(node, reader_scope(actor), spec.id, reader_style())
