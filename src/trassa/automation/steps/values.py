"""Values that steps give to fields: plain ones, and expressions computed for each record."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.automation.actions.running import read_rows, type_of
from trassa.automation.types import Flight
from trassa.expressions import ErrorValue, compute_with
from trassa.kernel import Invalid
from trassa.records.actions.conditions import raw_value
from trassa.records.queries.values import State, load_values
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


def is_formula(raw: Any) -> bool:
    return isinstance(raw, str) and raw.startswith("=")


def compute_values(
    flights: Sequence[Flight], values: Mapping[str, Any], target: TypeSpec
) -> dict[int, dict[str, Any]]:
    """For each flight's record the raw values of fields of `target`, expressions computed.

    Raises Invalid where an expression gives an error.
    """
    formulas = {code: raw for code, raw in values.items() if is_formula(raw) and code in target.by_code}
    found = {flight.record_id: dict(values) for flight in flights}
    if not formulas:
        return found
    rule = flights[0].rule
    spec = type_of(rule)
    nodes = {code: rule.tree(raw) for code, raw in formulas.items()}
    rows = read_rows(spec, [flight.record_id for flight in flights])
    states = [State(id, row) for id, row in rows.items()]
    known = load_values(current_generation(), spec, nodes.values(), states)
    for (id, _row), each in zip(rows.items(), known, strict=True):
        for code, node in nodes.items():
            value = compute_with(node, reader_id=flights[0].person_id)(each)
            if isinstance(value, ErrorValue):
                raise Invalid(f"{target.by_code[code].label}: {value}")
            found[id][code] = raw_value(value, target.by_code[code])
    return found
