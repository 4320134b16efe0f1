"""Addresses of the room `imports`; mounted at the root."""

from django.urls import path

from trassa.imports.views import decisions, orders, reports, runs, setups

app_name = "imports"
urlpatterns = [
    path("imports", runs.runs, name="runs"),
    path("imports/new", runs.upload, name="upload"),
    path("imports/<int:id>", runs.run, name="run"),
    path("imports/<int:id>/place", setups.place, name="place"),
    path("imports/<int:id>/setup", setups.setup, name="setup"),
    path("imports/<int:id>/check", orders.check, name="check"),
    path("imports/<int:id>/start", orders.start, name="start"),
    path("imports/<int:id>/cancel", orders.cancel, name="cancel"),
    path("imports/<int:id>/undo", orders.undo, name="undo"),
    path("imports/<int:id>/mended", runs.mended, name="mended"),
    path("imports/<int:id>/duplicates", decisions.undecided, name="undecided"),
    path("imports/<int:id>/decide", decisions.settle, name="decide"),
    path("imports/<int:id>/rows", reports.rows, name="rows"),
    path("imports/<int:id>/errors.<slug:format>", reports.errors, name="errors"),
]
