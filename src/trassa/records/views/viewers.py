"""Who else looks at a card."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from trassa.access.queries import actor_of_request
from trassa.people.queries import person_of
from trassa.records.actions.viewers import forget_viewer, note_viewer
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.records.queries.viewers import list_viewers
from trassa.ui import render

PART = "records/viewers.html"


@require_POST
def viewers(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """A sign that the card is open, or with `left` that it has been closed; answers who else looks at it."""
    actor, person = actor_of_request(request), person_of(request)
    record = get_record(actor, get_type(actor, type), id)
    if request.POST.get("left"):
        forget_viewer(person.id, record.id)
        return HttpResponse(status=204)
    note_viewer(person.id, record.id)
    return render(request, PART, {"viewers": list_viewers(record.id, but=person.id)}, fragment=PART)
