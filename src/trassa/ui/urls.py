"""Addresses of the room `ui`; mounted at the root."""

from django.urls import path

from trassa.ui.views.counts import counts
from trassa.ui.views.palette import palette_answers
from trassa.ui.views.style_guide import combobox_answers, panel, search_answers, style_guide, undo

app_name = "ui"
urlpatterns = [
    path("counts", counts, name="counts"),
    path("palette", palette_answers, name="palette"),
    path("style", style_guide, name="style"),
    path("style/answers", search_answers, name="style_answers"),
    path("style/people", combobox_answers, name="style_people"),
    path("style/panel/<int:number>", panel, name="style_panel"),
    path("style/undo", undo, name="style_undo"),
]
