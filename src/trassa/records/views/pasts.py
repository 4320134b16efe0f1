"""The past of a record: taking a change back, and who changed a field from what."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid
from trassa.records.actions.reverting import Reversal, revert_changes
from trassa.records.queries import get_record, list_history
from trassa.records.queries.known import get_type
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.cards import CardMaker
from trassa.records.screens.cells import CellMaker
from trassa.records.screens.histories import PAGE, make_events, want_names
from trassa.records.views.answers import news, refusal
from trassa.records.views.subjects import get_field
from trassa.schema.queries import current_generation
from trassa.schema.types import Names
from trassa.ui import render_in_dialog


@require_POST
def revert(request: HttpRequest, type: str, id: int, seq: int) -> HttpResponse:
    """Takes one entry of history back, or with `field` one field of it; the toast tells how it went."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    code = request.POST.get("field", "")
    fields = frozenset([code]) if code else None
    try:
        [outcome] = revert_changes([Reversal(spec.code, id, seq, fields)], actor=actor)
    except (Invalid, Conflict, Forbidden) as error:
        return refusal(error)
    changed = {"type": spec.id, "id": id, "version": outcome.version}
    said = {"text": _("The change is taken back"), "tone": "ok"}
    return news(toast=said, record_changed=changed, record_reverted=changed, dialog_close={})


@require_safe
def field_history(request: HttpRequest, type: str, id: int, code: str) -> HttpResponse:
    """Who changed this field from what to what, newest first."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    field = get_field(actor, spec, code)
    record = get_record(actor, spec, id)
    entries = list_history(actor, spec, id, limit=PAGE, of=field)
    only = [
        replace(
            entry,
            kind="changed" if entry.kind == "created" else entry.kind,
            changes=tuple(pair for pair in entry.changes if pair[0] == code),
        )
        for entry in entries
    ]
    wanted = NamesWanted()
    want_names(spec, only, wanted)
    names = wanted.read(actor)
    maker = CardMaker(actor, spec, record, CellMaker(current_generation(), Names()))
    view = maker.view(code)
    context = {
        "label": str(field.label),
        "code": code,
        "record_id": id,
        "type_code": spec.code,
        "events": make_events(spec, only, names),
        "editable": bool(view and view.editable) and field.kind != "files",
    }
    return render_in_dialog(request, "records/field_history.html", context)
