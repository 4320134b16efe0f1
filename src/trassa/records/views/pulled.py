"""What comes through the links that are chosen in a form, before the record is saved."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from trassa.access.queries import actor_of_request
from trassa.records.queries.known import get_type
from trassa.records.screens.pulled import pull_through
from trassa.ui import render


@require_POST
def pulled(request: HttpRequest, type: str) -> HttpResponse:
    """Fields of the chosen records; nothing when none is chosen."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    context = {"pulled": pull_through(actor, spec, request.POST)}
    return render(request, "records/pulled.html", context, fragment="records/pulled.html")
