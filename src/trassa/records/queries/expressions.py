"""Expressions as one person may use them: names that they see, rows that they reach."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.expressions import (
    ITEM_ID,
    Kind,
    Node,
    SqlCompiler,
    Style,
    Values,
    condition_in_sql,
    item_paths_of,
    paths_of,
    read,
)
from trassa.schema.queries import SchemaScope, current_generation
from trassa.schema.types import Generation, TypeSpec

#: Conditions that a scope remembers; a list and its parts ask for the same one several times.
MAX_CONDITIONS = 20
#: Scopes that a process remembers.
MAX_SCOPES = 64


class ReaderScope(SchemaScope):
    """What a person may name: no masked fields, no types out of reach; links lead to rows in reach only.

    Shared between threads like the actor; what it remembers stays true.
    """

    def __init__(self, actor: Actor, generation: Generation) -> None:
        super().__init__(
            generation,
            reader_id=actor.id,
            sees=actor.sees_field,
            enters=lambda spec: not actor.reach(Verb.SEE, spec).nothing,
        )
        self.actor = actor
        #: Conditions of lists by the type and the text: trees that the database can ask.
        self.conditions: dict[tuple[int, str], Node] = {}

    def reach(self, type_id: int, alias: str) -> tuple[str, Sequence[Any]]:
        """Rows that are not in the bin and that the person sees."""
        live, _nothing = super().reach(type_id, alias)
        spec = self.generation.types_by_id[type_id]
        reach = self.actor.reach(Verb.SEE, spec)
        if reach.everything:
            return live, ()
        rows = restrict(spec.model._default_manager.all(), reach).order_by().values("pk")
        statement, parameters = rows.query.sql_with_params()
        return f"{live} and {alias}.id in ({statement})", parameters


_scopes: dict[int | None, ReaderScope] = {}


def reader_scope(actor: Actor) -> ReaderScope:
    """The scope of a person in the current generation, made once for as long as rights and schema last."""
    generation = current_generation()
    scope = _scopes.get(actor.id)
    if scope is not None and scope.actor is actor and scope.generation is generation:
        return scope
    if len(_scopes) >= MAX_SCOPES or (scope is not None and scope.generation is not generation):
        _scopes.clear()
    scope = _scopes[actor.id] = ReaderScope(actor, generation)
    return scope


def reader_style() -> Style:
    """How expressions are written for the reader."""
    return "ru" if (get_language() or "ru").startswith("ru") else "en"


def read_where(actor: Actor, spec: TypeSpec, text: str) -> Node | None:
    """The condition that a list is limited to, None for an empty text.

    Raises ExpressionRefused for a text that is none, NotInSql for one that the database cannot ask.
    """
    if not text.strip():
        return None
    scope = reader_scope(actor)
    known = scope.conditions.get((spec.id, text))
    if known is not None:
        return known
    node = read(text, scope, spec.id, expected=(Kind.BOOLEAN,))
    where_condition(actor, spec, node)
    if len(scope.conditions) >= MAX_CONDITIONS:
        scope.conditions.clear()
    scope.conditions[spec.id, text] = node
    return node


def where_condition(actor: Actor, spec: TypeSpec, node: Node) -> RawSQL:
    """A condition on rows of the type; raises NotInSql for what the database cannot compute."""
    made = condition_in_sql(node, reader_scope(actor), spec.id)
    return RawSQL(made.text, made.parameters, BooleanField())


def read_values(actor: Actor, spec: TypeSpec, id: int, node: Node) -> Values:
    """What computing the expression for one record needs, as far as the person reaches it.

    One query for the record's own paths and one for each list of linked records.
    """
    compiler = SqlCompiler(reader_scope(actor), spec.id)
    paths = sorted(paths_of([node]))
    row = compiler.values(paths)
    values: dict[Any, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"select {row.text} from {spec.table} where id = %s", [*row.parameters, id])
        values |= zip(paths, cursor.fetchone() or (), strict=False)
        for over, needed in item_paths_of([node]).items():
            inside = sorted(needed)
            items = compiler.items(over, inside)
            cursor.execute(
                f"select i.* from {spec.table} cross join lateral ({items.text}) i"
                f" where {spec.table}.id = %s",
                [*items.parameters, id],
            )
            keys = (ITEM_ID, *inside)
            values[over] = [dict(zip(keys, found, strict=True)) for found in cursor.fetchall()]
    return values
