"""Counts and sums in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from trassa.kernel import format_decimal
from trassa.records.queries import COUNT_LIMIT
from trassa.records.types import StageSum
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, TypeSpec


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """What stands in a column's head."""

    id: int
    count: str
    total: str
    #: How many are overdue, "" for none.
    overdue: str = ""


@dataclass(frozen=True, slots=True)
class BoardSums:
    """The columns' sums and the whole board in words: "46 записей · 214 380 000 ₽"."""

    columns: Sequence[ColumnSum]
    words: str


def make_sums(spec: TypeSpec, sums: Mapping[int, StageSum]) -> BoardSums:
    """Sums of a board for reading."""
    field = spec.by_code.get(spec.layouts.board_sum)
    columns = [
        ColumnSum(
            id,
            format_decimal(each.count),
            total_words(field, each.total),
            format_decimal(each.overdue) if each.overdue else "",
        )
        for id, each in sums.items()
    ]
    total = sum((each.total or Decimal(0) for each in sums.values()), Decimal(0))
    visible = field if any(each.total is not None for each in sums.values()) else None
    parts = [count_words(sum(each.count for each in sums.values())), total_words(visible, total)]
    return BoardSums(columns, " · ".join(part for part in parts if part))


def total_words(field: FieldSpec | None, total: Decimal | None) -> str:
    """A sum with its unit, without kopecks; "" without a visible field and for zero."""
    if field is None or not total:
        return ""
    return field_kinds.get(field.kind).cell(total.quantize(Decimal(1)), field, Names())


def limited_words(count: int) -> str:
    """A count that stops at its limit: "312 записей", "10 000+ записей"."""
    return count_words(count) if count <= COUNT_LIMIT else count_words(COUNT_LIMIT, "+")


def count_words(count: int, more: str = "") -> str:
    """ "312 записей"."""
    number, spoken = format_decimal(count) + more, count
    return ngettext("%(number)s record", "%(number)s records", spoken) % {"number": number}
