"""The page that answers why somebody can or cannot do something with a record."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of
from trassa.people.queries import administrator_of
from trassa.records.screens.whys import Question, make_why
from trassa.ui import render


@require_safe
def why_page(request: HttpRequest) -> HttpResponse:
    """Takes `?person=`, `record` (an address, or `deal/17`), `verb` and perhaps `field`."""
    asker = actor_of(administrator_of(request))
    question = Question(
        person=request.GET.get("person", ""),
        record=request.GET.get("record", ""),
        verb=request.GET.get("verb", "see"),
        field=request.GET.get("field", ""),
    )
    return render(request, "records/why.html", {"why": make_why(asker, question)})
