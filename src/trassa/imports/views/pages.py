"""The page of one import, whatever state it is in: to be set up, at work, or with what became of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from trassa.access.queries import Actor
from trassa.imports.queries.runs import get_run
from trassa.imports.screens.decisions import make_decisions
from trassa.imports.screens.progress import make_progress
from trassa.imports.screens.reports import make_report
from trassa.imports.screens.runs import make_line
from trassa.imports.screens.setups import Asked, make_setup
from trassa.imports.types import ImportRun, State
from trassa.ui import is_fragment_request, render

#: Asks for the columns of a run that has been tried.
SETUP = "setup"


def answer(request: HttpRequest, actor: Actor, id: int) -> HttpResponse:
    """What a request that changed a run gets: its new state in place, or its page."""
    if is_fragment_request(request):
        response = show(request, actor, get_run(actor, id))
        response["HX-Replace-Url"] = reverse("imports:run", args=[id])
        return response
    return HttpResponseRedirect(reverse("imports:run", args=[id]))


def show(
    request: HttpRequest,
    actor: Actor,
    run: ImportRun,
    *,
    asked: Asked | None = None,
    wants_setup: bool = False,
    wants_decisions: bool = False,
    error: str = "",
) -> HttpResponse:
    """The page of a run; with `asked` its columns as they were sent, beside what is wrong with them.

    `error` says why something beside it was refused.
    """
    context: dict[str, Any] = {"line": make_line(run, {})}
    if run.is_working:
        context |= {"part": "progress", "progress": make_progress(run)}
    elif asked is not None or run.state is State.NEW or (wants_setup and run.state is State.CHECKED):
        context |= {"part": "setup", "setup": make_setup(run, actor, asked)}
    elif wants_decisions:
        context |= {"part": "decisions", "decisions": make_decisions(run, actor)}
    else:
        context |= {
            "part": "report",
            "error": error,
            "report": make_report(run, actor, request.GET.get("fate", "")),
        }
    status = 422 if error or (asked is not None and asked.errors) else 200
    return render(request, "imports/run.html", context, fragment="content", status=status)
