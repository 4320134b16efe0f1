"""How far the formulas of a type have been counted, while stored records are being counted anew."""

from dataclasses import dataclass

from trassa.records.models import FormulaState, Recount
from trassa.schema.types import TypeSpec


@dataclass(frozen=True, slots=True)
class Progress:
    """Records counted and to be counted, for the fields with these ids."""

    done: int
    total: int
    field_ids: frozenset[int]


def find_progress(spec: TypeSpec) -> Progress | None:
    """How far the records of a type have been counted anew; None when all of them are."""
    states = FormulaState.objects.filter(type_id=spec.id).exclude(pending={})
    orders = Recount.objects.filter(type_id=spec.id).defer("ids")
    found = [Progress(each.done, each.total, frozenset(map(int, each.pending))) for each in states]
    found += [Progress(each.done, each.total, frozenset(each.field_ids)) for each in orders]
    if not found:
        return None
    return Progress(
        sum(each.done for each in found),
        sum(each.total for each in found),
        frozenset(id for each in found for id in each.field_ids),
    )
