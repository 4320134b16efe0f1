"""Many writes of one type in one request."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, idempotent, json_response, problem_json
from trassa.kernel import FieldError, Invalid
from trassa.records.actions.write import write_records
from trassa.records.api.answers import BulkOut
from trassa.records.api.bodies import (
    Bulk,
    BulkChange,
    BulkItem,
    BulkMove,
    BulkRestore,
    NewRecord,
)
from trassa.records.queries.known import get_type
from trassa.records.types import Change, Outcome, Write

router = Router()


@router.post("/records/{type}/bulk", response=BulkOut)
@idempotent
def write_in_bulk(request: ApiRequest, type: str, body: Bulk) -> HttpResponse:
    """Create, change, move, bin and restore up to 1,000 records of a type.

    With `atomic` one refused item refuses all: 422 `bulk_refused`, and `errors` name item and field as
    `items.3.price`. Otherwise the answer tells item by item.
    """
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    writes = [as_write(spec.code, item) for item in body.items]
    cause = request.auth.cause
    if body.atomic:
        outcomes = write_all_or_nothing(writes, actor, cause)
    else:
        outcomes = write_records(writes, actor=actor, cause=cause, atomic=False)
    refused = sum(outcome.error is not None for outcome in outcomes)
    return json_response({"items": [result_json(outcome) for outcome in outcomes], "refused": refused})


def write_all_or_nothing(writes: Sequence[Write], actor: Actor, cause: dict[str, Any]) -> list[Outcome]:
    """Every write, or a problem that names all refused items."""
    with transaction.atomic():
        outcomes = write_records(writes, actor=actor, cause=cause, atomic=False)
        errors = [error for place, outcome in enumerate(outcomes) for error in errors_of(place, outcome)]
        if errors:
            raise Invalid(
                _("Nothing was written: some items were refused."), code="bulk_refused", errors=errors
            )
    return outcomes


def errors_of(place: int, outcome: Outcome) -> list[FieldError]:
    """The errors of one item, with its place in front of the fields."""
    error = outcome.error
    if error is None:
        return []
    fields = [FieldError(f"items.{place}.{fault.field}", fault.code, fault.message) for fault in error.errors]
    return fields or [FieldError(f"items.{place}", error.code, error.message)]


def as_write(type_code: str, item: BulkItem) -> Write:
    """One item as the write path wants it."""
    if isinstance(item, NewRecord):
        return Write(
            Change.CREATE,
            type_code,
            fields=item.fields,
            pipeline=item.pipeline,
            stage=item.stage,
            owner=item.owner,
        )
    if isinstance(item, BulkChange):
        return Write(Change.EDIT, type_code, item.id, item.version, fields=item.fields, owner=item.owner)
    if isinstance(item, BulkMove):
        return Write(
            Change.MOVE,
            type_code,
            item.id,
            item.version,
            fields=item.fields,
            pipeline=item.pipeline,
            stage=item.stage,
            reason=item.reason,
        )
    return Write(Change.RESTORE if isinstance(item, BulkRestore) else Change.BIN, type_code, item.id)


def result_json(outcome: Outcome) -> dict[str, Any]:
    """What became of one item."""
    refused = outcome.error is not None
    return {
        "id": outcome.id,
        "version": None if refused else outcome.version,
        "problem": problem_json(outcome.error) if outcome.error is not None else None,
    }
