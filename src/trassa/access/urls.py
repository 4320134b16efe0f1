"""Addresses of the room `access`; mounted at the root."""

from django.urls import path

from trassa.access.views import roles

app_name = "access"
urlpatterns = [
    path("roles/", roles.roles, name="roles"),
    path("roles/new", roles.create, name="create"),
    path("roles/<slug:code>/", roles.role, name="role"),
    path("roles/<slug:code>/draft", roles.draft, name="draft"),
    path("roles/<slug:code>/preview", roles.preview, name="preview"),
    path("roles/<slug:code>/save", roles.save, name="save"),
    path("roles/<slug:code>/undo/<int:seq>", roles.undo, name="undo"),
    path("roles/<slug:code>/rename", roles.rename, name="rename"),
    path("roles/<slug:code>/retire", roles.retire, name="retire"),
    path("roles/<slug:code>/restore", roles.restore, name="restore"),
]
