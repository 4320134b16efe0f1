"""Brings documents and keys of old records in line when fields begin or cease to be searched.

A field that becomes restricted takes its words out of the open documents; a text that becomes a name
gets keys. What documents of a type were made by is remembered, so whoever asks again does nothing.
"""

from collections.abc import Sequence

from django.db import transaction

from trassa.access.queries import system_actor
from trassa.kernel import now
from trassa.records.actions.batch import Batch
from trassa.records.actions.preparing import load_items
from trassa.records.actions.search_documents import has_keys, has_words, insert_documents, insert_keys
from trassa.records.models import SearchState
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec

#: To be raised when words or keys of some kind are made in another way: everything is renewed once.
RULES = 1
#: Records that are renewed in one transaction.
CHUNK = 500


def renew_search() -> None:
    """Renew the types whose documents were made by other rules than today's."""
    made_by = dict(SearchState.objects.values_list("type_id", "rules"))
    for spec in current_generation():
        rules = rules_of(spec)
        if made_by.get(spec.id) != rules:
            renew_type(spec)
            SearchState.objects.update_or_create(type_id=spec.id, defaults={"rules": rules})


def rules_of(spec: TypeSpec) -> str:
    """What the documents of a type depend on: which fields give words and keys, and who may see them."""
    fields = sorted(
        f"{field.id}{'w' * has_words(field)}{'k' * has_keys(field)}{'r' * field.restricted}"
        for field in spec.fields
        if has_words(field) or has_keys(field)
    )
    return f"{RULES}: {' '.join(fields)}"


def renew_type(spec: TypeSpec) -> None:
    """Make documents and keys of all records of a type anew, a chunk a transaction."""
    after = 0
    while ids := renew_chunk(spec.id, after):
        after = ids[-1]


def renew_chunk(type_id: int, after: int) -> Sequence[int]:
    """Renew the next records behind this id; gives their ids, none at the end."""
    with transaction.atomic():
        batch = Batch(pin_for_write(), system_actor(), {"kind": "search"}, now(), items=[])
        spec = batch.generation.types_by_id.get(type_id)
        if spec is None:
            return ()
        rows = spec.model._default_manager.filter(pk__gt=after, deleted_at__isnull=True)
        ids: list[int] = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        batch.items += load_items(spec, ids)
        batch.statements.delete("records_search", "record_id", ids)
        batch.statements.delete("records_key", "record_id", ids)
        insert_documents(batch.statements, batch.items)
        insert_keys(batch.statements, batch.items)
        batch.statements.run()
    return ids
