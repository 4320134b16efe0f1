"""Addresses of the room `people`; mounted at the root."""

from django.urls import path

from trassa.people.views.preferences import change_language, change_theme
from trassa.people.views.sessions import sign_in, sign_out

app_name = "people"
urlpatterns = [
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
    path("settings/language", change_language, name="language"),
    path("settings/theme", change_theme, name="theme"),
]
