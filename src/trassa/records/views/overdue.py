"""How much is overdue, for the navigation."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.records.navigation import counted, overdue_place
from trassa.records.queries.known import get_type
from trassa.ui import render


@require_safe
def count(request: HttpRequest, type: str) -> HttpResponse:
    """The count beside “Overdue”, drawn anew."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    part = "ui/nav_count.html"
    place = counted(overdue_place(request, spec), actor, spec)
    return render(request, part, {"item": place}, fragment=part)
