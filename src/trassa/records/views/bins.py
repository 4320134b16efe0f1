"""Into the bin and out of it: of one record, and the page of what lies in it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions.bulk_runs import start_bulk_run
from trassa.records.actions.write import write_records
from trassa.records.queries.bins import count_restorable, in_bin, list_binned, uses_bin
from trassa.records.queries.known import get_type, list_types
from trassa.records.screens.bins import make_bin_lines, make_type_tabs, read_place, write_place
from trassa.records.screens.columns import head_label
from trassa.records.screens.totals import limited_words
from trassa.records.types import BulkChange, Change, ListQuery, Write
from trassa.records.views.answers import news, refusal
from trassa.records.views.bulk_runs import MAX_PICKED, answer_run
from trassa.schema.types import TypeSpec
from trassa.ui import is_fragment_request, read_ids, render

CAUSE = {"kind": "card"}
MAX_TEXT = 200


@require_safe
def bins(request: HttpRequest) -> HttpResponse:
    """The place in the navigation: the first bin in which something lies for the person."""
    actor = actor_of_request(request)
    used = [spec for spec in list_types(actor) if uses_bin(actor, spec)]
    if not used:
        raise NotFound(_("There is no such page."))
    first = next((spec for spec in used if in_bin(actor, spec).exists()), used[0])
    return HttpResponseRedirect(reverse("records:type_bin", args=[first.code]))


@require_safe
def type_bin(request: HttpRequest, type: str) -> HttpResponse:
    """What lies in the bin of a type; with `after` the next rows, and only the table when a filter asks."""
    actor, spec, text = read_bin(request, type)
    found, following = list_binned(actor, spec, text=text, after=read_place(request.GET.get("after", "")))
    url = reverse("records:type_bin", args=[spec.code])
    more = write_place(following)
    context: dict[str, Any] = {
        "lines": make_bin_lines(spec, found),
        "more": f"{url}?{urlencode({'q': text, 'after': more})}" if more else "",
        "bin_url": url,
        "text": text,
        "restore_url": reverse("records:restore_many", args=[spec.code]),
    }
    if request.GET.get("after") and is_fragment_request(request):
        return render(request, "records/bin_more.html", context, fragment="records/bin_more.html")
    count = count_restorable(actor, spec, text)
    context |= {
        "title": str(spec.plural),
        "type_id": spec.id,
        "heads": [head_label(spec, code) for code in ("title", "number")],
        "tabs": make_type_tabs(actor, spec),
        "count": count,
        "total": limited_words(count) if count else "",
        "everything_url": f"{context['restore_url']}?{urlencode({'q': text})}",
    }
    return render(request, "records/bin.html", context, fragment="records/bin_table.html")


@require_POST
def restore_many(request: HttpRequest, type: str) -> HttpResponse:
    """Takes out the records of `bulk_ids`, or with `bulk_all` all that `?q=` finds."""
    actor, spec, text = read_bin(request, type)
    records: ListQuery | list[int] = ListQuery(text=text)
    if not request.POST.get("bulk_all"):
        records = read_ids(request.POST.get("bulk_ids", "").split(",")[:MAX_PICKED])
    try:
        run = start_bulk_run(spec, BulkChange(Change.RESTORE), records, actor=actor)
    except (Invalid, Forbidden) as error:
        return refusal(error)
    return answer_run(request, actor, run)


def read_bin(request: HttpRequest, type: str) -> tuple[Actor, TypeSpec, str]:
    """Who asks for whose bin, and with which words; raises NotFound for who has no use for it."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    if not uses_bin(actor, spec):
        raise NotFound(_("There is no such page."))
    return actor, spec, request.GET.get("q", "").strip()[:MAX_TEXT].replace("\0", "")


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
