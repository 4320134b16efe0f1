"""Counts formulas of many records in jobs: a chunk a transaction, taken up again where it was left.

Where a formula came or changed, nothing has happened to the records: rules are not asked. Where an input of
many changed, they are.
"""

import hashlib
import json

from django.db import connection, transaction

from trassa.access.queries import system_actor
from trassa.expressions import to_json
from trassa.journal import publish
from trassa.records.actions import freezing
from trassa.records.actions.formulas import formulas_of
from trassa.records.actions.refreshing import recount, refresh_dependants, renewed_records
from trassa.records.actions.write import run_hooks
from trassa.records.events import RECOUNT_DUE
from trassa.records.models import FormulaState, Recount
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import FieldSpec, TypeSpec

#: To be raised when values follow from formulas in another way: everything is counted once.
RULES = 1
#: Records that are counted in one transaction.
CHUNK = 500


def renew_formulas() -> None:
    """Count the formulas anew that records do not hold as they are now, type by type."""
    for spec in current_generation():
        if begin(spec):
            while renew_chunk(spec.id):
                pass


def begin(spec: TypeSpec) -> bool:
    """Note what has to be counted of a type; gives whether there is anything. What was begun goes on."""
    digests = digests_of(spec)
    with transaction.atomic():
        state, _new = FormulaState.objects.select_for_update().get_or_create(type_id=spec.id)
        pending = {id: digest for id, digest in digests.items() if state.held.get(id) != digest}
        held = {id: digest for id, digest in state.held.items() if id in digests}
        if pending != state.pending or held != state.held:
            state.pending, state.held = pending, held
            state.after_id = state.done = 0
            state.total = spec.model._default_manager.count() if pending else 0
            state.save()
    return bool(pending)


def digests_of(spec: TypeSpec) -> dict[str, str]:
    """What the values of each formula of a type depend on, by the id of its field."""
    return {str(field.id): digest_of(field) for field in formulas_of(spec).values()}


def digest_of(field: FieldSpec) -> str:
    assert field.formula is not None
    options = [[option.id, option.code, option.retired] for option in field.options]
    made = [RULES, field.kind, to_json(field.formula), dict(field.settings), options]
    if field.frozen_when is not None:
        made.append(to_json(field.frozen_when))
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]


def renew_chunk(type_id: int) -> bool:
    """Count the next records of a type; gives whether any are left."""
    with transaction.atomic():
        generation = pin_for_write()
        spec = generation.types_by_id.get(type_id)
        state = FormulaState.objects.select_for_update().filter(type_id=type_id).first()
        if spec is None or state is None or not state.pending:
            return False
        rows = spec.model._default_manager.filter(pk__gt=state.after_id)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        known = formulas_of(spec)
        wanted = {int(id) for id in state.pending if int(id) in known}
        if ids and wanted:
            first = {id for id in wanted if str(id) not in state.held}
            cause = {"kind": "formulas"}
            made = recount(generation, spec, ids, wanted, actor=system_actor(), cause=cause, first=first)
            freezing.settle(made, [known[id] for id in wanted])
            refresh_dependants(made, quiet=True)
        if len(ids) < CHUNK:
            state.held |= state.pending
            state.pending = {}
        state.after_id = ids[-1] if ids else state.after_id
        state.done += len(ids)
        state.save()
        return bool(state.pending)


def work_on(id: int, *, chunks: int = 40) -> bool:
    """Count the next chunks of dependants that were left to a job; gives whether any are left."""
    return all(recount_chunk(id) for _number in range(chunks))


def order_work(id: int) -> None:
    """Have a job go on with a recount."""
    publish(RECOUNT_DUE, {"recount": id})


def recount_chunk(id: int) -> bool:
    """Count the next dependants and what looks at them, and set rules off; gives whether any are left."""
    with transaction.atomic():
        generation = pin_for_write()
        order = Recount.objects.select_for_update().filter(id=id).defer("ids").first()
        spec = generation.types_by_id.get(order.type_id) if order else None
        if order is None:
            return False
        ids = next_ids(id, order.done) if spec else []
        if spec is not None and ids:
            fields = formulas_of(spec).keys() & set(order.field_ids)
            made = recount(generation, spec, ids, fields, actor=system_actor(), cause=order.cause)
            written = [*renewed_records(made.stored), *refresh_dependants(made, quiet=order.quiet)]
            run_hooks(made, written, "none" if order.quiet else "all")
        if len(ids) < CHUNK:
            order.delete()
            return False
        order.done += len(ids)
        order.save(update_fields=["done"])
        return True


def next_ids(id: int, done: int) -> list[int]:
    """The next ids of a recount; the whole list stays where it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ids[%s:%s] FROM records_recount WHERE id = %s", [done + 1, done + CHUNK, id])
        [ids] = cursor.fetchone()
    return list(ids)


def take_up_recounts() -> None:
    """Order work on everything that is left; whoever is at it goes on undisturbed."""
    with transaction.atomic():
        for id in Recount.objects.order_by("id").values_list("id", flat=True):
            order_work(id)
