"""Counts formulas of stored records anew and stores what follows: titles, search, timers, news for browsers.

Records are locked in ascending order before anything is read, so that whoever counts last sees what all
others have stored. They keep their versions, and history tells only what a field asks it to. See
docs/decisions/0036-formulas.md.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from trassa.access.queries import Actor
from trassa.journal import NewEntry, Stream, append_statement, publish
from trassa.kernel import now
from trassa.records.actions import announcing, followers, freezing, search_documents, storing, titles
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.dependants import Dependants, find_dependants, find_near
from trassa.records.actions.formulas import work_out
from trassa.records.actions.preparing import lock_rows
from trassa.records.events import RECOUNT_DUE
from trassa.records.registries import WrittenRecord
from trassa.records.types import RENEWED, Change, Outcome, Write
from trassa.schema.types import Generation, TypeSpec


def refresh_dependants(batch: Batch, *, quiet: bool = False) -> list[WrittenRecord]:
    """Count the formulas that look at what is being stored, and those that look at these, and so on.

    What the batch has yet to store is sent first, when any formula looks at it. Where there are too many they
    are left to a job, which sets rules off unless it is `quiet`. Gives the records that have other values
    than before.
    """
    refreshed: list[WrittenRecord] = []
    near = find_near(batch.generation, batch.stored)
    if near:
        batch.statements.run()
    while near:
        items: list[Item] = []
        for each in find_dependants(batch.generation, near):
            if each.too_many is not None:
                order_recount(each, batch, quiet=quiet)
                continue
            made = recount(
                batch.generation, each.spec, each.ids, each.field_ids, actor=batch.actor, cause=batch.cause
            )
            items += made.stored
            refreshed += renewed_records(made.stored)
        near = find_near(batch.generation, items)
    return refreshed


def renewed_records(items: Iterable[Item]) -> list[WrittenRecord]:
    """What hooks are told of records that were counted anew."""
    return [WrittenRecord(item.spec, item.id, RENEWED, item.before, item.after) for item in items]


def recount(
    generation: Generation,
    spec: TypeSpec,
    ids: Collection[int],
    field_ids: Collection[int],
    *,
    actor: Actor,
    cause: Mapping[str, Any],
    first: Collection[int] = (),
) -> Batch:
    """Lock these records, count these formulas of theirs with all that follow from them, and store them.

    Inside the caller's transaction, which has pinned this generation for writing. For fields that are counted
    for the `first` time also values that are to stay as they are, if there are none yet; what somebody typed
    into such a field before it had a formula is told to history when it goes.
    """
    stored = lock_rows(spec, sorted(ids))
    batch = Batch(generation, actor, cause, now(), items=[])
    for id in stored.rows:
        item = Item(Write(Change.EDIT, spec.code, id=id), spec, Outcome(id=id))
        stored.fill(item, id)
        batch.items.append(item)
    work_out(batch, spec, batch.items, anew=field_ids, first=first)
    titles.set_titles(batch)
    for item in batch.items:
        item.touched = bool(item.changed_columns())
    if batch.stored:
        store_counted(batch, spec, stored.beside, first)
    return batch


def store_counted(
    batch: Batch, spec: TypeSpec, beside: Mapping[str, list[tuple[Any, ...]]], first: Collection[int]
) -> None:
    """Store the values that are others now, with everything that follows from them."""
    storing.update_rows(batch.statements, spec, batch.stored)
    storing.update_anchors(batch.statements, batch.stored)
    search_documents.store_search_documents(batch)
    freezing.store_turns(batch)
    told = [
        NewEntry(Stream("record", item.id), RENEWED, changes)
        for item in batch.stored
        if (changes := announcing.changes_of(item) | typed_values(item, first))
    ]
    if told:
        batch.statements.add(*append_statement(told, actor_id=batch.actor.id, cause=batch.cause))
    followers.add_following(batch.statements, renewed_records(batch.stored), beside)
    announcing.announce(batch)
    batch.statements.run()


def typed_values(item: Item, first: Collection[int]) -> dict[str, tuple[Any, Any]]:
    """What was typed into fields that have just got a formula and is replaced by it."""
    gone: dict[str, tuple[Any, Any]] = {}
    for field in item.spec.fields if first else ():
        old, new = item.value_before(field), item.value(field)
        if field.id in first and old is not None and old != new:
            gone[field.column] = (announcing.to_json(old, field), announcing.to_json(new, field))
    return gone


def order_recount(dependants: Dependants, batch: Batch, *, quiet: bool) -> None:
    """Leave many records to a job, with what led to it; their ids never leave the database."""
    assert dependants.too_many is not None
    cause = {**batch.cause, "person": batch.actor.id} if batch.actor.id is not None else batch.cause
    found, parameters = dependants.too_many
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_recount (type_id, field_ids, ids, done, total, cause, quiet)"
            " SELECT %s, %s::bigint[], coalesce(array_agg(id ORDER BY id), '{}'), 0, count(*), %s::jsonb, %s"
            f" FROM (SELECT DISTINCT found.id FROM ({found}) AS found(id)) AS each RETURNING id",
            [dependants.spec.id, sorted(dependants.field_ids), json.dumps(dict(cause)), quiet, *parameters],
        )
        [id] = cursor.fetchone()
    publish(RECOUNT_DUE, {"recount": id})
