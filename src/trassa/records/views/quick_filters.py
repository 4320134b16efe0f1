"""Quick filters; they arrive after the records."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.records.screens.quick_filters import quick_filters as make_quick_filters
from trassa.records.views.places import find_place
from trassa.ui import render


@require_safe
def quick_filters(request: HttpRequest, type: str) -> HttpResponse:
    """The chips with their counts."""
    context = {"filters": make_quick_filters(find_place(request, type))}
    return render(request, "records/quick_filters.html", context, fragment="records/quick_filters.html")
