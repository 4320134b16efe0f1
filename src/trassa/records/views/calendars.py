"""The calendar of a type: its records on the days of one of their dates."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.records.queries.known import get_type
from trassa.records.screens.addresses import Address
from trassa.records.screens.calendars import Position, make_calendar
from trassa.records.screens.cells import card_stem
from trassa.records.screens.looks import frame_of
from trassa.records.screens.saved_views import Place
from trassa.records.views.answers import wants_fragment
from trassa.ui import render


@require_safe
def calendar(request: HttpRequest, type: str) -> HttpResponse:
    """The page, or only its days when a filter asks for them."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(reverse("records:calendar", args=[spec.code]), request.GET)
    place = Place.of_list(actor, spec, address, "calendar")
    position = Position.of(request.GET.get("month", ""), request.GET.get("week", ""))
    context = {
        **frame_of(place),
        "calendar": make_calendar(place, position),
        "fields_url": card_stem(spec.code),
    }
    part = "records/calendar_days.html" if wants_fragment(request, "calendar") else None
    return render(request, "records/calendar.html", context, fragment=part)
