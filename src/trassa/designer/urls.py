"""Addresses of this room."""

from django.urls import path

from trassa.designer.views import drafts, pages, previews

app_name = "designer"
urlpatterns = [
    path("designer", pages.types, name="types"),
    path("designer/new", drafts.create, name="create"),
    path("designer/undo/<int:number>", drafts.undo, name="undo"),
    path("designer/export", drafts.export, name="export"),
    path("designer/<slug:type>/review", pages.review, name="review"),
    path("designer/<slug:type>/preview", previews.preview, name="preview"),
    path("designer/<slug:type>/frame", previews.frame, name="frame"),
    path("designer/<slug:type>/completions", previews.completions, name="completions"),
    path("designer/<slug:type>/check", previews.check, name="check"),
    path("designer/<slug:type>/restore", drafts.restore, name="restore"),
    path("designer/<slug:type>/unfit", drafts.unfit, name="unfit"),
    path("designer/<slug:type>/apply", drafts.apply, name="apply"),
    path("designer/<slug:type>/back", drafts.back, name="back"),
    path("designer/<slug:type>/drop", drafts.drop, name="drop"),
    path("designer/<slug:type>/<slug:page>", pages.page, name="page"),
    path("designer/<slug:type>/<slug:page>/change", drafts.change, name="change"),
]
