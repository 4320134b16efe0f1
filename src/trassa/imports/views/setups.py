"""Setting an import up: where the table lies in the file, and what its columns fill."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.imports.actions.runs import change_run
from trassa.imports.queries.runs import get_run
from trassa.imports.screens.places import read_place
from trassa.imports.screens.setups import Asked, read_asked, refuse
from trassa.imports.types import ImportRun
from trassa.imports.views.pages import show
from trassa.kernel import Invalid
from trassa.ui import is_fragment_request


@require_POST
def place(request: HttpRequest, id: int) -> HttpResponse:
    """The table lies elsewhere: another sheet, another line of headings. Its columns are proposed anew."""
    actor = actor_of_request(request)
    run = get_run(actor, id)
    try:
        run = change_run(id, source=read_place(request.POST, run), actor=actor)
    except Invalid as error:
        return show(request, actor, run, asked=Asked.of(run, place_error=str(error.message)))
    return shown(request, actor, run, Asked.of(run, at_place=True))


@require_POST
def setup(request: HttpRequest, id: int) -> HttpResponse:
    """Keep what was chosen, with a preview of what it makes of the first lines."""
    actor = actor_of_request(request)
    run, asked = save(request, actor, id)
    return shown(request, actor, run, asked)


def save(request: HttpRequest, actor: Actor, id: int) -> tuple[ImportRun, Asked]:
    """Keep the columns and options that were sent, unless something is wrong with them."""
    run = get_run(actor, id)
    asked = read_asked(request.POST, run, actor)
    try:
        run = change_run(id, columns=asked.columns, options=asked.options, actor=actor)
    except Invalid as error:
        asked = refuse(asked, error)
    return run, asked


def shown(request: HttpRequest, actor: Actor, run: ImportRun, asked: Asked) -> HttpResponse:
    if is_fragment_request(request) or asked.errors:
        return show(request, actor, run, asked=asked, wants_setup=True)
    return HttpResponseRedirect(reverse("imports:run", args=[run.id]))
