"""How much is overdue, for the navigation."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.records.navigation import overdue_place
from trassa.records.queries.known import get_type
from trassa.ui import render


@require_safe
def count(request: HttpRequest, type: str) -> HttpResponse:
    """The count beside “Overdue”, drawn anew."""
    actor = actor_of_request(request)
    part = "ui/nav_count.html"
    return render(
        request, part, {"item": overdue_place(request, actor, get_type(actor, type))}, fragment=part
    )
