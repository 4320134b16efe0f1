"""The page that answers why somebody can or cannot do something with a record."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of
from trassa.people.queries import administrator_of
from trassa.records.screens.whys import Question, list_subjects, make_why
from trassa.records.views.searches import read_text
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


@require_safe
def why_records(request: HttpRequest) -> HttpResponse:
    """Records that `?q=` finds, or the one whose address it is; values as `record` of the page takes them."""
    asker = actor_of(administrator_of(request))
    text = read_text(request)
    context = {"subjects": list_subjects(asker, text), "text": text}
    return render(request, "records/why_records.html", context, fragment="records/why_records.html")
