"""Which values of records stay as they were, and since when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from trassa.schema.types import FieldSpec

#: Keys of history about values that began to stay or no longer do; the id of the field follows.
KEPT = "k_"


def kept_key(field: FieldSpec) -> str:
    """The key under which history tells that the value of a field stays."""
    return f"{KEPT}{field.id}"


def read_frozen(
    fields: Iterable[FieldSpec], ids: Sequence[int]
) -> Mapping[int, Mapping[str, datetime | None]]:
    """Record → codes of those of its fields whose values stay, with the moment since when where it is known.

    No query when none of the fields has a condition for staying.
    """
    codes = {field.id: field.code for field in fields if field.frozen_when is not None}
    found: dict[int, dict[str, datetime | None]] = defaultdict(dict)
    if codes and ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT record_id, field_id, since FROM records_frozen"
                " WHERE record_id = ANY(%s) AND field_id = ANY(%s) ORDER BY field_id",
                [list(ids), list(codes)],
            )
            for record_id, field_id, since in cursor.fetchall():
                found[record_id][codes[field_id]] = since
    return found
