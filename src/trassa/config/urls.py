"""The address space: rooms mount their own urls here."""

from django.urls import URLPattern, URLResolver, include, path

from trassa.api import mount

#: Rooms with pages, in the order in which an address is looked up.
ROOMS = ("people", "access", "ui", "records", "automation", "work", "imports", "designer")

urlpatterns: list[URLPattern | URLResolver] = [
    mount(),
    *(path("", include(f"trassa.{room}.urls")) for room in ROOMS),
]

handler403 = "trassa.ui.forbidden"
handler404 = "trassa.ui.not_found"
handler500 = "trassa.ui.server_error"
