"""Merging two records, and taking that back."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound, TrassaError
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.unmerging import seen_of, unmerge_records
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.records.screens.merges import make_screen, may_merge, read_picks, stayed_in_words
from trassa.records.types import Record
from trassa.records.views.answers import news, refusal
from trassa.schema.types import TypeSpec
from trassa.ui import read_id, read_ids, render

CAUSE = {"kind": "merge"}
PAGE, PART = "records/merge.html", "records/merge_content.html"


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, type: str) -> HttpResponse:
    """Compares the two of `?ids=17,21`; the second goes into the first when the form is sent."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    into, source = find_pair(request, actor, spec)
    error: TrassaError | None = None
    if request.method == "POST":
        versions = {
            each.id: read_id(request.POST.get(f"version-{each.id}", "")) or 0 for each in (into, source)
        }
        merging = Merging(spec.code, into.id, source.id, versions, read_picks(request.POST))
        try:
            merge_records(merging, actor=actor, cause=CAUSE)
        except (Conflict, Invalid, Forbidden) as refused:
            error = refused
            into, source = find_pair(request, actor, spec)
        else:
            card = reverse("records:card", args=[spec.code, into.id])
            return HttpResponse(status=204, headers={"HX-Redirect": f"{card}?merged={source.id}"})
    context = {
        "merge": make_screen(actor, spec, into, source, request.POST),
        "type_label": str(spec.plural),
        "list_url": reverse("records:list", args=[spec.code]),
        "error": error,
    }
    return render(request, PAGE, context, fragment=PART, status=422 if error else 200)


def find_pair(request: HttpRequest, actor: Actor, spec: TypeSpec) -> tuple[Record, Record]:
    """The two records of the address; raises NotFound."""
    ids = list(dict.fromkeys(read_ids(request.GET.get("ids", "").split(","))))
    if len(ids) != 2 or not may_merge(actor, spec):
        raise NotFound(_("Choose two records of one type to merge them."))
    return get_record(actor, spec, ids[0]), get_record(actor, spec, ids[1])


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
