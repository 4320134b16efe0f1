"""An address space with the pages of `people`, one closed page and one open one."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.translation import get_language

from trassa.api import mount
from trassa.people.registries import open_to_everybody


def closed_page(request: HttpRequest) -> HttpResponse:
    """Says in which language it is read."""
    return HttpResponse(get_language())


@open_to_everybody
def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("welcome")


urlpatterns = [
    mount(),
    path("", include("trassa.people.urls")),
    path("", closed_page),
    path("deals", closed_page),
    path("open", open_page),
]
