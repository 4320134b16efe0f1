"""Drops the columns of destroyed fields, when nobody can be reading with a generation that had them.

A field is destroyed in two steps: a generation without it is published at once; its column goes when every
live lease reports that generation or a newer one, and processes without a lease have had a minute.
"""

from django.db import connection, transaction

from trassa.journal import NewEntry, Stream, append
from trassa.kernel import now
from trassa.schema.actions.leases import LEASE
from trassa.schema.actions.locks import lock_out_writers
from trassa.schema.actions.tables import run_statements
from trassa.schema.models import Field
from trassa.schema.registries import field_kinds

_OLDEST_LEASE = "SELECT min(number) FROM schema_generationlease WHERE expires_at > clock_timestamp()"


def drop_doomed_fields() -> int:
    """Drop what may be dropped by now; gives how many fields went. Safe to run again at any time."""
    if not Field.objects.filter(doomed_in__isnull=False).exists():
        return 0
    with transaction.atomic():
        lock_out_writers()
        oldest = oldest_lease()
        ripe = [
            field
            for field in Field.objects.filter(doomed_in__isnull=False, doomed_at__lte=now() - LEASE).order_by(
                "id"
            )
            if oldest is None or oldest >= (field.doomed_in or 0)
        ]
        tables = sorted({f"r_{field.type_id}" for field in ripe})
        run_statements([each for field in ripe if (each := drop_statement(field))], existing=tables)
        entries = [NewEntry(Stream("field", field.id), "dropped", {}) for field in ripe]
        append(entries, actor_id=None, cause={"kind": "job", "task": "schema.drop_doomed_fields"})
        for field in ripe:
            field.delete()
    return len(ripe)


def oldest_lease() -> int | None:
    """The oldest generation that a live process uses, or None when none has reported."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_LEASE)
        number: int | None = cursor.fetchone()[0]
        return number


def drop_statement(field: Field) -> str:
    """The statement that deletes a field's values; indexes, keys and sequences go with them.

    "" when another room keeps them: it looks for fields that are gone.
    """
    match field_kinds.get(field.kind).storage:
        case "links" | "periods":
            return f"DROP TABLE IF EXISTS l_{field.id}"
        case "column" | "linked":
            return f"ALTER TABLE r_{field.type_id} DROP COLUMN IF EXISTS f_{field.id}"
    return ""
