"""Which values of records stay as they were, and since when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from trassa.records.queries.together import Answers, Read, read_together
from trassa.schema.types import FieldSpec

#: Keys of history about values that began to stay or no longer do; the id of the field follows.
KEPT = "k_"
_FROZEN = (
    "SELECT record_id, field_id, since FROM records_frozen"
    " WHERE record_id = ANY(%s) AND field_id = ANY(%s) ORDER BY field_id"
)


def kept_key(field: FieldSpec) -> str:
    """The key under which history tells that the value of a field stays."""
    return f"{KEPT}{field.id}"


def read_frozen(
    fields: Sequence[FieldSpec], ids: Sequence[int]
) -> Mapping[int, Mapping[str, datetime | None]]:
    """Record → codes of those of its fields whose values stay, with the moment since when where it is known.

    No query when none of the fields has a condition for staying.
    """
    return frozen_of(fields, read_together(frozen_reads(fields, ids)))


def frozen_reads(fields: Iterable[FieldSpec], ids: Sequence[int]) -> list[Read]:
    """What is to be read of these records to know which values stay: for other reads to take along."""
    wanted = [field.id for field in fields if field.frozen_when is not None]
    return [(_FROZEN, [list(ids), wanted])] if wanted and ids else []


def frozen_of(fields: Iterable[FieldSpec], answers: Answers) -> Mapping[int, Mapping[str, datetime | None]]:
    """What `frozen_reads` have found, as `read_frozen` gives it."""
    codes = {field.id: field.code for field in fields}
    found: dict[int, dict[str, datetime | None]] = defaultdict(dict)
    for rows in answers:
        for record_id, field_id, since in rows:
            found[record_id][codes[field_id]] = since
    return found
