"""What became of the lines of an import."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.imports.downloads import rejected_file
from trassa.imports.queries.runs import get_run
from trassa.imports.screens.reports import list_lines
from trassa.kernel import NotFound
from trassa.ui import read_id, render

FORMATS = ("csv", "xlsx")


@require_safe
def rows(request: HttpRequest, id: int) -> HttpResponse:
    """The lines of one fate, those behind `?after=`."""
    actor = actor_of_request(request)
    run = get_run(actor, id)
    after = read_id(request.GET.get("after", "")) or 0
    lines = list_lines(run, actor, request.GET.get("fate", ""), after)
    return render(request, "imports/rows.html", {"lines": lines}, fragment="imports/rows.html")


@require_safe
def errors(request: HttpRequest, id: int, format: str) -> HttpResponseBase:
    """The rejected lines as a file with the reason of each, to be mended and sent again."""
    run = get_run(actor_of_request(request), id)
    if format not in FORMATS:
        raise NotFound("There is no such format.")
    return rejected_file(run, format)
