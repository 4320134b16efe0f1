"""Expressions in the schema: read within a change, and checked as a whole when it ends.

Trees name fields by their ids, so whatever an expression mentions must exist when it is read: fields first,
then conditions about them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from trassa.expressions import Kind, Node, read
from trassa.kernel import Invalid
from trassa.schema.actions.formulas import check_formulas, find_circle, refuse_circular_formulas
from trassa.schema.actions.ledger import Ledger
from trassa.schema.actions.record_types import find_type
from trassa.schema.compiler import compile_generation
from trassa.schema.mentions import mentions_of
from trassa.schema.metadata import Metadata, load_metadata
from trassa.schema.naming import SchemaScope
from trassa.schema.registries import field_kinds
from trassa.schema.types import CardSection, CardTab, FieldSpec, Generation, TypeSpec

CONDITION = (Kind.BOOLEAN,)
#: Columns of a field that hold the tree of an expression.
EXPRESSIONS = ("formula", "frozen_when", "default_formula", "visible_when", "required_when", "editable_when")


class ExpressionActions(Ledger):
    """The part of a schema change that reads expressions."""

    _draft: tuple[int, Generation] | None = None

    def draft(self) -> Generation:
        """The schema as the change has made it so far."""
        done = len(self.entries)
        if self._draft is None or self._draft[0] != done:
            self._draft = done, compile_generation(load_metadata())
        return self._draft[1]

    def read_condition(self, type: str, text: str) -> Node:
        """A condition about records of a type; raises ExpressionRefused with the places of all faults."""
        return read(text, SchemaScope(self.draft()), find_type(type).id, expected=CONDITION)

    def read_default(self, type: str, code: str, text: str) -> Node:
        """The formula of a field's default; raises ExpressionRefused."""
        generation = self.draft()
        spec = generation.types[type]
        expected = default_kinds(spec.by_code[code])
        return read(text, SchemaScope(generation), spec.id, expected=expected)

    def read_formula(self, type: str, code: str, text: str) -> Node:
        """The formula that a field is worked out from; raises ExpressionRefused."""
        return self.read_default(type, code, text)


def default_kinds(field: FieldSpec) -> Sequence[Kind]:
    """What the formula of a default may give; an option also by its code."""
    kind = field_kinds.get(field.kind).expression
    if kind is None or kind in (Kind.RECORDS, Kind.OPTIONS):
        return ()
    return (kind, Kind.TEXT) if kind is Kind.OPTION else (kind,)


@dataclass(frozen=True, slots=True)
class Use:
    """One expression of a type and where it stands, in words: `repair_reason: visible_when`."""

    spec: TypeSpec
    place: str
    node: Node


def expressions_of(spec: TypeSpec) -> Iterator[Use]:
    """Every expression of a type, its pipelines and its card."""
    for field in spec.fields:
        for name in EXPRESSIONS:
            node = getattr(field, name)
            if node is not None:
                yield Use(spec, f"{field.code}: {name}", node)
    parts: tuple[CardTab | CardSection, ...] = (*spec.layouts.card, *spec.layouts.sections)
    for part in parts:
        if part.visible_when is not None:
            yield Use(spec, f"{part.label}: visible_when", part.visible_when)
    for pipeline in spec.pipelines:
        for stage in pipeline.stages:
            for condition in stage.enter_when:
                yield Use(spec, f"{pipeline.code}.{stage.code}: {condition.code}", condition.condition)


def check_expressions(metadata: Metadata) -> None:
    """Raise Invalid when an expression mentions what is not there any more, or when they go in circles."""
    if not has_expressions(metadata):
        return
    generation = compile_generation(metadata)
    for spec in generation:
        broken = [
            f"{spec.code}.{use.place}"
            for use in expressions_of(spec)
            if mentions_of(use.node, generation, spec.id).is_broken
        ]
        if broken:
            message = _("Expressions use what this change takes away. Change them first: %s.")
            raise Invalid(message % ", ".join(broken), code="used_in_expression")
        check_formulas(generation, spec)
        refuse_circle(spec, visibility(generation, spec), _("The visibility of fields goes in a circle: %s."))
        refuse_circle(spec, defaults(generation, spec), _("Defaults of fields go in a circle: %s."))
    refuse_circular_formulas(generation)


def has_expressions(metadata: Metadata) -> bool:
    """Whether there is anything to check."""
    tabs = [tab for layout in metadata.layouts for tab in layout["card"]]
    parts = [*tabs, *(section for tab in tabs for section in tab["sections"])]
    return (
        bool(metadata.conditions)
        or any(row[name] is not None for row in metadata.fields for name in EXPRESSIONS)
        or any(part.get("visible_when") for part in parts)
    )


def visibility(generation: Generation, spec: TypeSpec) -> dict[int, set[int]]:
    """Field → fields of the same record whose values decide whether it is shown."""
    edges: dict[int, set[int]] = {field.id: set() for field in spec.fields}
    for field in spec.fields:
        if field.visible_when is not None:
            edges[field.id] |= own_fields(field.visible_when, generation, spec)
    for section, conditions in zip(spec.layouts.sections, spec.layouts.conditions, strict=True):
        deciding = {id for node in conditions for id in own_fields(node, generation, spec)}
        for code in section.fields:
            if code in spec.by_code:
                edges[spec.by_code[code].id] |= deciding
    return edges


def defaults(generation: Generation, spec: TypeSpec) -> dict[int, set[int]]:
    """Field → fields of the same record that its default or its value is worked out from."""
    edges: dict[int, set[int]] = {}
    for field in spec.fields:
        nodes = (field.default_formula, field.formula)
        edges[field.id] = {
            id for node in nodes if node is not None for id in own_fields(node, generation, spec)
        }
    return edges


def own_fields(node: Node, generation: Generation, spec: TypeSpec) -> set[int]:
    """Ids of the record's own fields that an expression looks at."""
    keys = mentions_of(node, generation, spec.id).keys
    return {field.id for field in spec.fields if field.column in keys}


def refuse_circle(spec: TypeSpec, edges: Mapping[int, set[int]], message: object) -> None:
    """Raise Invalid naming the fields of the first circle."""
    done: set[int] = set()
    for start in edges:
        circle = find_circle(start, edges, [], done)
        if circle:
            names = " → ".join(f"{spec.code}.{spec.by_id[id].code}" for id in circle)
            raise Invalid(str(message) % names, code="circular_expression")
