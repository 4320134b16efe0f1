"""What the conditions of a type say about a record: hidden, required, locked, and what keeps it from a stage.

One place computes it for the write path, cards and forms alike, for many records at once. A condition that
cannot be computed counts as not met. See docs/decisions/0023-conditions.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from django.db.models import Model

from trassa.expressions import Node, Value, Values, compute_with
from trassa.records.queries.values import State, Wanted, load_values, load_wanted, wanted_by
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

Holds = Callable[[Values], bool]


@dataclass(frozen=True, slots=True)
class Rules:
    """The conditions of a type, compiled for one reader."""

    required: tuple[tuple[FieldSpec, Holds], ...]
    visible: tuple[tuple[FieldSpec, Holds], ...]
    editable: tuple[tuple[FieldSpec, Holds], ...]
    #: For each section with conditions: its place, the conditions, ids of the fields in it.
    sections: tuple[tuple[int, tuple[Holds, ...], frozenset[int]], ...]
    wanted: Wanted
    #: What the conditions for changing need.
    wanted_before: Wanted


#: Compiling costs more than computing, so it is done once a type and reader. The type's model stands for its
#: state in one generation and goes with it.
_compiled: WeakKeyDictionary[type[Model], dict[int | None, Rules]] = WeakKeyDictionary()


def has_rules(spec: TypeSpec) -> bool:
    """Whether any condition looks at records of this type, stages aside."""
    return any(field.has_rules for field in spec.fields) or any(spec.layouts.conditions)


def rules_of(spec: TypeSpec) -> list[Node]:
    """All conditions about records of a type, stages aside."""
    found = [node for f in spec.fields for node in (f.visible_when, f.required_when, f.editable_when)]
    found += [node for conditions in spec.layouts.conditions for node in conditions]
    return [node for node in found if node is not None]


def compiled_rules(spec: TypeSpec, reader_id: int | None) -> Rules:
    """The type's conditions, ready to be computed."""
    known = _compiled.setdefault(spec.model, {})
    if reader_id not in known:
        known[reader_id] = compile_rules(spec, reader_id)
    return known[reader_id]


def compile_rules(spec: TypeSpec, reader_id: int | None) -> Rules:
    """Compile what `compiled_rules` keeps."""

    def of_fields(nodes: Iterable[Node | None]) -> tuple[tuple[FieldSpec, Holds], ...]:
        pairs = zip(spec.fields, nodes, strict=True)
        return tuple((field, holding(node, reader_id)) for field, node in pairs if node is not None)

    return Rules(
        required=of_fields(field.required_when for field in spec.fields),
        visible=of_fields(field.visible_when for field in spec.fields),
        editable=of_fields(field.editable_when for field in spec.fields),
        sections=tuple(
            (
                place,
                tuple(holding(node, reader_id) for node in conditions),
                frozenset(spec.by_code[code].id for code in section.fields if code in spec.by_code),
            )
            for place, (section, conditions) in enumerate(
                zip(spec.layouts.sections, spec.layouts.conditions, strict=True)
            )
            if conditions
        ),
        wanted=wanted_by(rules_of(spec)),
        wanted_before=wanted_by(f.editable_when for f in spec.fields if f.editable_when is not None),
    )


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
    rules = compiled_rules(spec, reader_id)
    values = load_wanted(generation, spec, rules.wanted, states)
    earlier = load_before(generation, spec, rules, before or [None] * len(states))
    return [verdict_on(rules, each, known) for each, known in zip(values, earlier, strict=True)]


def load_before(
    generation: Generation, spec: TypeSpec, rules: Rules, states: Sequence[State | None]
) -> list[Values | None]:
    """What locks need of earlier states; None where there is none."""
    known = [state for state in states if state is not None]
    found = iter(load_wanted(generation, spec, rules.wanted_before, known))
    return [None if state is None else next(found) for state in states]


def verdict_on(rules: Rules, values: Values, before: Values | None) -> Verdict:
    """What the conditions say about one state."""
    hidden = {field.id for field, holds in rules.visible if not holds(values)}
    hidden_sections = set()
    for place, conditions, field_ids in rules.sections:
        if not all(holds(values) for holds in conditions):
            hidden_sections.add(place)
            hidden |= field_ids
    return Verdict(
        hidden=frozenset(hidden),
        required=frozenset(field.id for field, holds in rules.required if holds(values)),
        locked=frozenset(
            field.id for field, holds in rules.editable if is_locked(field, holds, values, before)
        ),
        hidden_sections=frozenset(hidden_sections),
    )


def is_locked(field: FieldSpec, holds: Holds, values: Values, before: Values | None) -> bool:
    """Whether people may not change a field."""
    unchanged = {**values, (field.column,): None if before is None else before.get((field.column,))}
    return not (holds(unchanged) or (before is not None and holds(before)))


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
    return holding(node, reader_id)(values)


def holding(node: Node, reader_id: int | None) -> Holds:
    """The condition as a function of values: whether it is met."""
    compute = computed(node, reader_id)
    return lambda values: compute(values) is True


@lru_cache(maxsize=2048)
def computed(node: Node, reader_id: int | None) -> Callable[[Values], Value]:
    """The compiled expression; compiling costs more than computing."""
    return compute_with(node, reader_id=reader_id)
