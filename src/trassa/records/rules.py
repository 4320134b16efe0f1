"""What the conditions of a type say about a record: hidden, required, locked, and what keeps it from a stage.

One place computes it for the write path, cards and forms alike, for many records at once. A condition that
cannot be computed counts as not met. See docs/decisions/0023-conditions.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from trassa.expressions import Node, Value, Values, compute_with
from trassa.records.queries.values import State, load_values
from trassa.schema.types import EntryCondition, FieldSpec, Generation, StageSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for one state of a record. Fields stand as ids, sections as their places on the card."""

    hidden: frozenset[int] = frozenset()
    required: frozenset[int] = frozenset()
    locked: frozenset[int] = frozenset()
    hidden_sections: frozenset[int] = frozenset()

    def shows(self, field: FieldSpec) -> bool:
        return field.id not in self.hidden

    def requires(self, field: FieldSpec) -> bool:
        """Whether the field must be filled, always or under its condition; what is hidden need not be."""
        return (field.required or field.id in self.required) and self.shows(field)


#: For types without conditions.
NOTHING = Verdict()


def has_rules(spec: TypeSpec) -> bool:
    """Whether any condition looks at records of this type, stages aside."""
    return any(field.has_rules for field in spec.fields) or any(spec.layouts.conditions)


def judge(
    generation: Generation,
    spec: TypeSpec,
    states: Sequence[State],
    *,
    reader_id: int | None,
    before: Sequence[State | None] | None = None,
) -> list[Verdict]:
    """What the conditions say about each state.

    `before` are the stored states that these come from. A field is locked when its condition holds neither
    there nor in the state itself, in which the field then counts as unchanged: so a field can be filled
    once and for all, and the write that locks a record may still fill it.
    """
    if not has_rules(spec):
        return [NOTHING] * len(states)
    values = load_values(generation, spec, rules_of(spec), states)
    earlier = load_before(generation, spec, before or [None] * len(states))
    return [
        Verdict(
            hidden=hidden_fields(spec, each, reader_id),
            required=meeting(((f, f.required_when) for f in spec.fields), each, reader_id),
            locked=locked_fields(spec, each, known, reader_id),
            hidden_sections=hidden_sections(spec, each, reader_id),
        )
        for each, known in zip(values, earlier, strict=True)
    ]


def rules_of(spec: TypeSpec) -> list[Node]:
    """All conditions about records of a type, stages aside."""
    found = [node for f in spec.fields for node in (f.visible_when, f.required_when, f.editable_when)]
    found += [node for conditions in spec.layouts.conditions for node in conditions]
    return [node for node in found if node is not None]


def load_before(
    generation: Generation, spec: TypeSpec, states: Sequence[State | None]
) -> list[Values | None]:
    """What locks need of earlier states; None where there is none."""
    nodes = [field.editable_when for field in spec.fields if field.editable_when is not None]
    known = [state for state in states if state is not None]
    found = iter(load_values(generation, spec, nodes, known) if nodes else [{}] * len(known))
    return [None if state is None else next(found) for state in states]


def meeting(
    pairs: Iterable[tuple[FieldSpec, Node | None]], values: Values, reader_id: int | None
) -> frozenset[int]:
    """Ids of the fields whose condition holds."""
    return frozenset(f.id for f, node in pairs if node is not None and holds(node, values, reader_id))


def hidden_sections(spec: TypeSpec, values: Values, reader_id: int | None) -> frozenset[int]:
    """Places of the sections whose condition does not hold, or that of their tab."""
    return frozenset(
        place
        for place, conditions in enumerate(spec.layouts.conditions)
        if not all(holds(node, values, reader_id) for node in conditions)
    )


def hidden_fields(spec: TypeSpec, values: Values, reader_id: int | None) -> frozenset[int]:
    """Fields whose condition does not hold, and those that stand in hidden sections."""
    gone = hidden_sections(spec, values, reader_id)
    lost = {code for place in gone for code in spec.layouts.sections[place].fields}
    return frozenset(
        field.id
        for field in spec.fields
        if (field.visible_when is not None and not holds(field.visible_when, values, reader_id))
        or field.code in lost
    )


def locked_fields(
    spec: TypeSpec, values: Values, before: Values | None, reader_id: int | None
) -> frozenset[int]:
    """Fields that people may not change."""
    locked = set()
    for field in spec.fields:
        node = field.editable_when
        if node is None:
            continue
        unchanged = {**values, (field.column,): None if before is None else before.get((field.column,))}
        if holds(node, unchanged, reader_id) or (before is not None and holds(node, before, reader_id)):
            continue
        locked.add(field.id)
    return frozenset(locked)


def unmet(
    generation: Generation,
    spec: TypeSpec,
    entering: Sequence[tuple[State, StageSpec]],
    *,
    reader_id: int | None,
) -> list[list[EntryCondition]]:
    """For each record and the stage that it wants to enter: the stage's conditions that do not hold."""
    nodes = {each.condition: None for _state, stage in entering for each in stage.enter_when}
    if not nodes:
        return [[] for _each in entering]
    values = load_values(generation, spec, nodes, [state for state, _stage in entering])
    return [
        [each for each in stage.enter_when if not holds(each.condition, known, reader_id)]
        for (_state, stage), known in zip(entering, values, strict=True)
    ]


def holds(node: Node, values: Values, reader_id: int | None) -> bool:
    """Whether a condition is met; one that cannot be computed is not."""
    return computed(node, reader_id)(values) is True


@lru_cache(maxsize=2048)
def computed(node: Node, reader_id: int | None) -> Callable[[Values], Value]:
    """The compiled expression; compiling costs more than computing."""
    return compute_with(node, reader_id=reader_id)
