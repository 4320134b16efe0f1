"""Addresses of the room `automation`; mounted at the root."""

from django.urls import path

from trassa.automation.views import cards, deliveries, rules, secrets, timers

app_name = "automation"
urlpatterns = [
    path("automation/", rules.overview, name="rules"),
    path("automation/runs/<int:id>/retry", rules.retry, name="retry_run"),
    path("automation/arrivals/<int:id>/replay", rules.replay_arrival, name="replay_arrival"),
    path("automation/calls/<int:id>/repeat", rules.repeat_call, name="repeat_call"),
    path("automation/<slug:type>/", rules.robots, name="robots"),
    path("automation/<slug:type>/new", rules.new, name="new_rule"),
    path("automation/<slug:type>/place", rules.place, name="place_rule"),
    path("automation/<slug:type>/place/undo", rules.unplace, name="unplace_rule"),
    path("automation/<slug:type>/rules/<slug:code>/", rules.edit, name="rule"),
    path("automation/<slug:type>/rules/<slug:code>/switch", rules.switch, name="switch_rule"),
    path("automation/<slug:type>/rules/<slug:code>/retire", rules.retire, name="retire_rule"),
    path("automation/<slug:type>/rules/<slug:code>/rehearsal", rules.rehearsal, name="rehearse_rule"),
    path(
        "automation/<slug:type>/rules/<slug:code>/versions/<int:number>/restore",
        rules.restore,
        name="restore_rule",
    ),
    path("automation/<slug:type>/rules/<slug:code>/address", secrets.address, name="renew_address"),
    path("calls/", deliveries.calls, name="calls"),
    path("calls/<int:id>/", deliveries.call, name="call"),
    path("arrivals/", deliveries.arrivals, name="arrivals"),
    path("arrivals/<int:id>/", deliveries.arrival, name="arrival"),
    path("secrets/", secrets.secrets, name="secrets"),
    path("secrets/enter", secrets.enter, name="enter_secret"),
    path("secrets/<slug:code>/remove", secrets.remove, name="remove_secret"),
    path("r/<slug:type>/<int:id>/automation", cards.card, name="card"),
    path("r/<slug:type>/<int:id>/automation/<slug:code>/press", cards.press, name="press"),
    path("timers/", timers.timers, name="timers"),
    path("timers/<int:id>/retry", timers.retry, name="retry_timer"),
]
