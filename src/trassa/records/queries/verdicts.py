"""What conditions say about a stored record, and what of it a person may be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.expressions import Node, write
from trassa.records.queries.expressions import reader_style
from trassa.records.queries.values import State, own_columns
from trassa.records.rules import NOTHING, Verdict, has_rules, judge, rules_of, unmet
from trassa.schema.queries import SchemaScope, current_generation, mentions_of
from trassa.schema.types import EntryCondition, FieldSpec, Generation, StageSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A condition that keeps a record from a stage: what to say, and the fields that it is about.

    `hidden` says that it is about something the person does not see.
    """

    message: str
    fields: Sequence[FieldSpec] = ()
    hidden: bool = False


def judge_record(actor: Actor, spec: TypeSpec, id: int) -> Verdict:
    """What the type's conditions say about a record; one query, and one for each link that they follow."""
    if not has_rules(spec):
        return NOTHING
    state = read_state(spec, id, rules_of(spec))
    [verdict] = judge(current_generation(), spec, [state], reader_id=actor.id, before=[state])
    return verdict


def read_state(spec: TypeSpec, id: int, nodes: Sequence[Node]) -> State:
    """The columns of a record that expressions look at, whoever asks."""
    columns = own_columns(spec, nodes)
    if not columns:
        return State(id, {})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {spec.table} WHERE id = %s", [id])
        row = cursor.fetchone()
    return State(id, dict(zip(columns, row or (), strict=False)))


def list_obstacles(actor: Actor, spec: TypeSpec, id: int, stage: StageSpec) -> list[Obstacle]:
    """The conditions that keep a record from a stage, as far as the person may be told."""
    if not stage.enter_when:
        return []
    generation = current_generation()
    state = read_state(spec, id, [each.condition for each in stage.enter_when])
    there = State(id, {**state.row, "stage_id": stage.id, "pipeline_id": stage.pipeline_id})
    [failed] = unmet(generation, spec, [(there, stage)], reader_id=actor.id)
    return [obstacle_of(actor, generation, spec, each) for each in failed]


def obstacle_of(actor: Actor, generation: Generation, spec: TypeSpec, condition: EntryCondition) -> Obstacle:
    """What a person is told about a condition; nothing of fields that they do not see."""
    if not sees_all(actor, generation, spec, condition.condition):
        return Obstacle(_("A colleague has to do something first."), hidden=True)
    keys = mentions_of(condition.condition, generation, spec.id).keys
    return Obstacle(str(condition.message), [field for field in spec.fields if field.column in keys])


def sees_all(actor: Actor, generation: Generation, spec: TypeSpec, node: Node) -> bool:
    """Whether the person sees every field that an expression mentions, and their types."""
    ids = mentions_of(node, generation, spec.id).field_ids
    for other in generation:
        mentioned = [other.by_id[id] for id in ids if id in other.by_id]
        if mentioned and other.id != spec.id and actor.reach(Verb.SEE, other).nothing:
            return False
        if not all(actor.sees_field(field) for field in mentioned):
            return False
    return True


def why_locked(actor: Actor, generation: Generation, spec: TypeSpec, field: FieldSpec) -> str:
    """What must hold before the field can be changed, unless that tells of masked fields."""
    node = field.editable_when
    if node is None or not sees_all(actor, generation, spec, node):
        return _("“%(field)s” cannot be changed at the moment.") % {"field": field.label}
    condition = write(node, SchemaScope(generation), spec.id, reader_style())
    words = {"field": field.label, "condition": condition}
    return _("“%(field)s” can be changed only while: %(condition)s.") % words


def watched_fields(generation: Generation, spec: TypeSpec) -> set[str]:
    """Codes of the fields that any condition of the type looks at."""
    keys: set[str] = set()
    for node in rules_of(spec):
        keys |= mentions_of(node, generation, spec.id).keys
    return {field.code for field in spec.fields if field.column in keys}
