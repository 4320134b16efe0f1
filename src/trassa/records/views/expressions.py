"""What helps to write expressions: completion while typing, and a page to try them on a record."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from trassa.records.screens.completions import complete
from trassa.records.views.subjects import actor_of_request, get_type
from trassa.ui import render

MAX_TEXT = 5000


@require_POST
def completions(request: HttpRequest, type: str) -> HttpResponse:
    """Options for the text box of an expression: what may stand at `caret` of `text`."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    text, caret = request.POST.get("text", "")[:MAX_TEXT], request.POST.get("caret", "")
    found = complete(actor, spec, text, int(caret) if caret.isdigit() else len(text))
    part = "records/completions.html"
    return render(request, part, {"completion": found}, fragment=part)
