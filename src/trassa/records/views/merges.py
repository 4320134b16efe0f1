"""Merging two or more records, and taking that back."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound, TrassaError
from trassa.records.actions.gathering import MAX_TOGETHER, Gathering, gather_records
from trassa.records.actions.unmerging import seen_of, unmerge_records
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.records.screens.merges import make_screen, may_merge, read_kept, stayed_in_words
from trassa.records.types import Record
from trassa.records.views.answers import news, refusal
from trassa.schema.types import TypeSpec
from trassa.ui import read_id, read_ids, render

CAUSE = {"kind": "merge"}
PAGE, PART = "records/merge.html", "records/merge_content.html"


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, type: str) -> HttpResponse:
    """Compares the records of `?ids=17,21,30`; all others go into the first when the form is sent."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    records = find_records(request, actor, spec)
    error: TrassaError | None = None
    if request.method == "POST":
        into, *sources = (record.id for record in records)
        versions = {id: read_id(request.POST.get(f"version-{id}", "")) or 0 for id in (into, *sources)}
        kept = read_kept(request.POST, versions)
        try:
            gather_records(Gathering(spec.code, into, sources, versions, kept), actor=actor, cause=CAUSE)
        except (Conflict, Invalid, Forbidden) as refused:
            error = refused
            records = find_records(request, actor, spec)
        else:
            card = reverse("records:card", args=[spec.code, into])
            return HttpResponse(status=204, headers={"HX-Redirect": f"{card}?merged={sources[0]}"})
    context = {
        "merge": make_screen(actor, spec, records, request.POST or request.GET),
        "type_label": str(spec.plural),
        "list_url": reverse("records:list", args=[spec.code]),
        "error": error,
    }
    return render(request, PAGE, context, fragment=PART, status=422 if error else 200)


def find_records(request: HttpRequest, actor: Actor, spec: TypeSpec) -> list[Record]:
    """The records of the address; raises NotFound."""
    ids = list(dict.fromkeys(read_ids(request.GET.get("ids", "").split(","))))
    if not 2 <= len(ids) <= MAX_TOGETHER or not may_merge(actor, spec):
        raise NotFound(_("Choose two to %s records of one type to merge them.") % MAX_TOGETHER)
    return [get_record(actor, spec, id) for id in ids]


@require_POST
def unmerge(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Makes the record `from` its own again; the toast names what was changed since and stays."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    source = read_id(request.POST.get("from", "")) or 0
    try:
        done = unmerge_records(spec.code, id, source, actor=actor, cause=CAUSE)
    except (Invalid, Conflict, Forbidden) as error:
        return refusal(error)
    stayed = stayed_in_words(seen_of(actor, done.stayed))
    text = _("The merge is taken back")
    if stayed:
        text = _("The merge is taken back. Changed since and left here: %s") % stayed
    changed = {"type": spec.id, "id": id, "version": done.version}
    return news(toast={"text": text, "tone": "warn" if stayed else "ok"}, record_reverted=changed)
