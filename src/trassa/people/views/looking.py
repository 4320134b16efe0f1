"""Looking at the system as another person, and back to oneself."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from trassa.people.actions import start_looking, stop_looking
from trassa.people.queries import LOOKS_AS, administrator_of, get_person
from trassa.people.registries import open_to_onlookers


@require_POST
def start(request: HttpRequest, id: int) -> HttpResponseBase:
    """Look as this person, beginning at their first page."""
    actor = administrator_of(request)
    start_looking(request, get_person(id), actor_id=actor.id)
    return HttpResponseRedirect("/")


@open_to_onlookers
@require_POST
def stop(request: HttpRequest) -> HttpResponseBase:
    """Back to oneself, to the page of the person who was looked as."""
    person_id = request.session.get(LOOKS_AS)
    stop_looking(request)
    return HttpResponseRedirect(reverse("people:person", args=[person_id]) if person_id else "/")
