"""Into the bin and out of it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trassa.access.queries import actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid
from trassa.records.actions.write import write_records
from trassa.records.queries.known import get_type
from trassa.records.types import Change, Write
from trassa.records.views.answers import news, refusal

CAUSE = {"kind": "card"}


@require_POST
def bin_record(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Puts the record into the bin; the toast takes it back."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    try:
        write_records([Write(Change.BIN, spec.code, id=id)], actor=actor, cause=CAUSE)
    except (Invalid, Conflict, Forbidden) as error:
        return refusal(error)
    undo = reverse("records:restore", args=[spec.code, id])
    return news(
        toast={"text": _("Moved to the bin"), "undo": undo}, record_binned={"type": spec.id, "id": id}
    )


@require_POST
def restore_record(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Takes the record out of the bin."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    try:
        [outcome] = write_records([Write(Change.RESTORE, spec.code, id=id)], actor=actor, cause=CAUSE)
    except (Invalid, Conflict, Forbidden) as error:
        return refusal(error)
    restored = {"type": spec.id, "id": id, "version": outcome.version}
    return news(toast={"text": _("Restored"), "tone": "ok"}, record_restored=restored)
