"""Building the condition of a list by clicking: lines that become its text, and its text as lines."""

from itertools import zip_longest

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.kernel import Invalid
from trassa.records.queries import read_where
from trassa.records.screens.comparisons import MAX_LINES, Comparison, Word, lines_of, make_builder, text_of
from trassa.records.screens.looks import lines_url
from trassa.records.views.places import find_place
from trassa.ui import render

#: Parameters of the lines.
_OWN = ("line_field", "line_operation", "line_value", "line_word", "line_add", "line_remove")


@require_safe
def comparisons(request: HttpRequest, type: str) -> HttpResponse:
    """The lines of the address's condition; or the lines that were sent, and their text."""
    place = find_place(request, type, *_OWN)
    word: Word = "or" if request.GET.get("line_word") == "or" else "and"
    is_built = "line_word" in request.GET
    text = place.address.where
    found: list[Comparison] | None
    if is_built:
        found = lines_in(request)
        text = text_of(place.actor, place.spec, found, word)
    else:
        try:
            found, word = lines_of(place.actor, place.spec, read_where(place.actor, place.spec, text))
        except Invalid:
            found = None
    context = {
        "builder": make_builder(place.actor, place.spec, found, word),
        "url": lines_url(place),
        "is_built": is_built,
        "text": text,
        "type_code": place.spec.code,
        "may_add": found is not None and len(found) < MAX_LINES,
    }
    return render(request, "records/comparisons.html", context, fragment="records/comparisons.html")


def lines_in(request: HttpRequest) -> list[Comparison]:
    """The lines that were sent, with one more or less when a button says so."""
    parts = [request.GET.getlist(f"line_{name}") for name in ("field", "operation", "value")]
    lines = [Comparison(*line) for line in zip_longest(*parts, fillvalue="")][:MAX_LINES]
    removed = request.GET.get("line_remove", "")
    if removed.isdecimal() and int(removed) < len(lines):
        lines.pop(int(removed))
    if "line_add" in request.GET and len(lines) < MAX_LINES:
        lines.append(Comparison())
    return lines
