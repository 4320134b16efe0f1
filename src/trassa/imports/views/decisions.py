"""Duplicates that an import has asked about: shown side by side, settled one by one or all at once."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.imports.actions.deciding import decide
from trassa.imports.queries.runs import get_run, list_outcomes
from trassa.imports.queries.subjects import type_of
from trassa.imports.screens.decisions import in_words
from trassa.imports.types import Decision, How, ImportRun
from trassa.imports.views.pages import answer, show
from trassa.kernel import NotFound
from trassa.ui import add_toast, is_fragment_request, read_id


@require_safe
def undecided(request: HttpRequest, id: int) -> HttpResponse:
    """The next lines to decide about; the page of the import when there are none."""
    actor = actor_of_request(request)
    run = get_run(actor, id)
    if run.is_working or not run.counts.undecided:
        return HttpResponseRedirect(reverse("imports:run", args=[id]))
    return show(request, actor, run, wants_decisions=True)


@require_POST
def settle(request: HttpRequest, id: int) -> HttpResponse:
    """Carry a decision out: about the line that is named, otherwise about all that are left."""
    actor = actor_of_request(request)
    decision = Decision(read_how(request), read_id(request.POST.get("record", "")))
    line = read_id(request.POST.get("line", ""))
    run = decide(id, decision, lines=None if line is None else [line], actor=actor)
    if line is None or not is_fragment_request(request):
        return answer(request, actor, id)
    if run.counts.undecided:
        response = show(request, actor, run, wants_decisions=True)
    else:
        response = answer(request, actor, id)
    return with_outcome(response, run, line)


def with_outcome(response: HttpResponse, run: ImportRun, line: int) -> HttpResponse:
    """Say what became of a line."""
    found = list_outcomes(run, after=line - 1, limit=1)
    if not found or found[0].line != line:
        return response
    text, tone = in_words(found[0], type_of(run))
    return add_toast(response, text, tone="ok" if tone == "ok" else "bad")


def read_how(request: HttpRequest) -> How:
    try:
        return How(request.POST.get("how", ""))
    except ValueError:
        raise NotFound("There is no such decision.") from None
