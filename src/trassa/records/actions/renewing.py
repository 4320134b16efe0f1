"""Brings documents and keys of old records in line when fields begin or cease to be searched.

A field that becomes restricted takes its words out of the open documents; a text that becomes a name
gets keys. What documents of a type were made by is remembered, so whoever asks again does nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction

from trassa.records.actions.batch import Item
from trassa.records.actions.preparing import load_items
from trassa.records.actions.search_documents import has_keys, has_words, insert_documents, insert_keys
from trassa.records.actions.statements import Statements
from trassa.records.models import Anchor, SearchState
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
        spec = pin_for_write().types_by_id.get(type_id)
        if spec is None:
            return ()
        rows = spec.model._default_manager.filter(pk__gt=after, deleted_at__isnull=True)
        ids: list[int] = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        items = load_items(spec, ids)
        statements = Statements()
        statements.delete("records_key", "record_id", ids)
        insert_keys(statements, items)
        renew_documents(statements, items)
        statements.run()
    return ids


def renew_words(record_ids: Iterable[int]) -> None:
    """Make the documents of some records anew, because what hangs on them has other names now.

    Inside the caller's transaction, which has pinned the schema for writing.
    """
    by_type: dict[int, list[int]] = defaultdict(list)
    anchors = Anchor.objects.filter(id__in=list(record_ids))
    for type_id, id in anchors.order_by("id").values_list("type_id", "id"):
        by_type[type_id].append(id)
    statements = Statements()
    for spec in pin_for_write():
        renew_documents(statements, load_items(spec, by_type[spec.id]) if spec.id in by_type else ())
    statements.run()


def renew_documents(statements: Statements, items: Sequence[Item]) -> None:
    statements.delete("records_search", "record_id", [item.id for item in items])
    insert_documents(statements, items)
