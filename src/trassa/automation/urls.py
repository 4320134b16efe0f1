"""Addresses of the room `automation`; mounted at the root."""

from django.urls import path

from trassa.automation.views import timers

app_name = "automation"
urlpatterns = [
    path("timers/", timers.timers, name="timers"),
    path("timers/<int:id>/retry", timers.retry, name="retry_timer"),
]
