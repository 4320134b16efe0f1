"""Addresses of the room `people`; mounted at the root."""

from django.urls import path

from trassa.people.views import (
    absences,
    calendars,
    departments,
    handovers,
    homes,
    looking,
    persons,
    places,
    settings,
)
from trassa.people.views.preferences import change_language, change_theme
from trassa.people.views.sessions import sign_in, sign_out

app_name = "people"
urlpatterns = [
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
    path("settings/language", change_language, name="language"),
    path("settings/theme", change_theme, name="theme"),
    path("settings/", settings.settings, name="settings"),
    path("settings/password", settings.own_password, name="own_password"),
    path("settings/sessions/end", settings.end_sessions, name="end_sessions"),
    path("settings/place", settings.own_place, name="own_place"),
    path("password/<str:secret>", settings.password_by_link, name="password_by_link"),
    path("roles/<slug:code>/place", places.place, name="place"),
    path("people/", persons.people, name="people"),
    path("people/new", persons.create, name="create"),
    path("people/import", persons.newcomers, name="newcomers"),
    path("people/<int:id>/", persons.person, name="person"),
    path("people/<int:id>/password", persons.password, name="password"),
    path("people/<int:id>/password-link", persons.password_link, name="password_link"),
    path("people/<int:id>/password-due", persons.password_due, name="password_due"),
    path("people/<int:id>/dismiss", persons.dismiss, name="dismiss"),
    path("people/<int:id>/readmit", persons.readmit, name="readmit"),
    path("people/<int:id>/look", looking.start, name="look"),
    path("people/<int:id>/hand-over", handovers.one, name="hand_over"),
    path("home/", homes.home, name="home"),
    path("home/arrange", homes.arrange, name="arrange_home"),
    path("hand-overs/", handovers.hand_overs, name="hand_overs"),
    path("hand-overs/<int:id>/", handovers.done, name="hand_over_done"),
    path("hand-overs/<int:id>/undo", handovers.undo, name="undo_hand_over"),
    path("look/stop", looking.stop, name="stop_looking"),
    path("people/<int:id>/time", absences.working_time, name="working_time"),
    path("people/<int:id>/absences/new", absences.create, name="create_absence"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:id>/", absences.change, name="absence"),
    path("absences/<int:id>/remove", absences.remove, name="remove_absence"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new", calendars.create, name="create_calendar"),
    path("calendars/<slug:code>/", calendars.calendar, name="calendar"),
    path("calendars/<slug:code>/days/<str:day>", calendars.day, name="calendar_day"),
    path("calendars/<slug:code>/retire", calendars.retire, name="retire_calendar"),
    path("calendars/<slug:code>/restore", calendars.restore, name="restore_calendar"),
    path("departments/", departments.departments, name="departments"),
    path("departments/new", departments.create, name="create_department"),
    path("departments/<slug:code>/", departments.change, name="department"),
    path("departments/<slug:code>/retire", departments.retire, name="retire_department"),
    path("departments/<slug:code>/restore", departments.restore, name="restore_department"),
]
