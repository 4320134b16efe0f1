"""What fields with a formula are worked out from: their inputs, their order, and who may see them.

A formula names fields by their keys, so that its inputs are known without the types that they belong to. See
docs/decisions/0036-formulas.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from trassa.expressions import Node, asks_for_now, from_json, paths_in
from trassa.schema.mentions import is_of_field
from trassa.schema.metadata import Row
from trassa.schema.types import FieldSpec


def inputs_of(node: Node) -> set[int]:
    """Ids of all fields on the paths of an expression, those of other types too."""
    return {int(key[2:]) for path in paths_in(node) for key in path if is_of_field(key)}


def inputs_of_field(field: FieldSpec) -> set[int]:
    """Ids of the fields that a field is worked out from; none without a formula."""
    nodes = (node for node in (field.formula, field.frozen_when) if node is not None)
    return set().union(*(inputs_of(node) for node in nodes))


def inherit_masks(fields: Mapping[int, Sequence[FieldSpec]]) -> dict[int, list[FieldSpec]]:
    """The fields, formulas restricted by what they are worked out from unless they are declared open."""
    by_id = {field.id: field for group in fields.values() for field in group}
    masks = masking(
        {id: field.masked_by for id, field in by_id.items()},
        {
            id: inputs_of(field.formula)
            for id, field in by_id.items()
            if field.formula is not None and not field.formula_open
        },
    )

    def masked(field: FieldSpec) -> FieldSpec:
        if masks(field.id) == field.masked_by:
            return field
        return replace(field, restricted=True, masked_by=masks(field.id))

    return {type_id: [masked(field) for field in group] for type_id, group in fields.items()}


def restricted_ids(rows: Iterable[Row]) -> set[int]:
    """Ids of the fields that not everybody sees, of rows of the metadata."""
    active = [row for row in rows if not row["retired_at"]]
    masks = masking(
        {row["id"]: frozenset((row["id"],) if row["restricted"] else ()) for row in active},
        {
            row["id"]: inputs_of(from_json(row["formula"]))
            for row in active
            if row["formula"] is not None and not row["formula_open"]
        },
    )
    return {row["id"] for row in active if masks(row["id"])}


def is_live_row(row: Row) -> bool:
    """Whether a row of the metadata has a formula that is computed when it is read."""
    return row["formula"] is not None and asks_for_now(from_json(row["formula"]))


def masking(
    own: Mapping[int, frozenset[int]], inputs: Mapping[int, set[int]]
) -> Callable[[int], frozenset[int]]:
    """The restricted fields behind a field: its own mask with those of its inputs, however far back."""
    known: dict[int, frozenset[int]] = {}

    def masks(id: int) -> frozenset[int]:
        if id not in known:
            # A circle is refused when it is saved; should there be one, it ends here.
            known[id] = own.get(id, frozenset())
            known[id] = known[id].union(*map(masks, inputs.get(id, ())))
        return known[id]

    return masks
