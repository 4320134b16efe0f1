"""Comments on a card: written above its timeline, changed and taken away where they stand."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.records.actions.comments import (
    add_comment,
    delete_comment,
    edit_comment,
    pin_comment,
    restore_comment,
)
from trassa.records.queries import get_record
from trassa.records.queries.comments import CommentLine, comments_by_id, lines_of
from trassa.records.queries.files import read_files, sees_file
from trassa.records.queries.known import get_type
from trassa.records.screens.files import FileView, as_view
from trassa.records.screens.histories import Reader, view_comment
from trassa.records.views.answers import news, refusal, with_news
from trassa.records.views.cards import card_context, read_parts
from trassa.schema.types import TypeSpec
from trassa.ui import read_ids, render

CAUSE = {"kind": "card"}


@require_POST
def add(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Write a comment: an empty form comes back, and the timeline beside it."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    text, files, error = request.POST.get("text", ""), chosen_files(request), ""
    try:
        add_comment(actor, spec, id, text, files=files, cause=CAUSE)
        text, files = "", []
    except Invalid as refused:
        error = str(refused.message)
    context = card_context(request, read_parts(actor, spec, get_record(actor, spec, id)))
    context |= {"text": text, "error": error, "files": visible_files(actor, files)}
    part = "records/comment_added.html"
    return render(request, part, context, fragment=part, status=422 if error else 200)


def chosen_files(request: HttpRequest) -> list[int]:
    """The ids of the files that the form of a comment holds, as `files.js` writes them."""
    return read_ids(value.partition(":")[0] for value in request.POST.getlist("files"))


def visible_files(actor: Actor, ids: Iterable[int]) -> list[FileView]:
    """Those of the files that are there for this person, for a form that comes back."""
    files = read_files(id__in=list(ids), removed_at__isnull=True)
    return [as_view(file) for file in files if sees_file(actor, file)]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, type: str, id: int, comment: int) -> HttpResponse:
    """The form of a comment in its place; the card is renewed once it is saved."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    get_record(actor, spec, id)
    line = comments_by_id([comment]).get(comment)
    if line is None or line.author_id != actor.id:
        raise NotFound(_("There is no such comment."))
    text, files, error = line.text, [file.id for file in line.files], ""
    if request.method == "POST":
        text, files = request.POST.get("text", ""), chosen_files(request)
        try:
            changed = edit_comment(actor, spec, id, comment, text, files=files, cause=CAUSE)
            [line] = lines_of([changed])
            return show_saved(request, actor, spec, id, line)
        except Invalid as refused:
            error = str(refused.message)
    context = {
        "text": text,
        "error": error,
        "files": visible_files(actor, files),
        "comment_id": comment,
        "post_url": request.path,
        "card_url": reverse("records:card", args=[spec.code, id]),
    }
    part = "records/comment_form.html"
    return render(request, part, context, fragment=part, status=422 if error else 200)


def show_saved(
    request: HttpRequest, actor: Actor, spec: TypeSpec, id: int, line: CommentLine
) -> HttpResponse:
    """The changed comment in the place of its form; then the card looks again."""
    context = {"card": {"id": id, "type_code": spec.code}, "comment": view_comment(line, Reader(actor.id))}
    part = "records/comment_saved.html"
    response = render(request, part, context, fragment=part)
    return with_news(response, record_attached={"type": spec.id, "id": id})


@require_POST
def delete(request: HttpRequest, type: str, id: int, comment: int) -> HttpResponse:
    """Take a comment away; the toast brings it back."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    try:
        delete_comment(actor, spec, id, comment, cause=CAUSE)
    except Forbidden as error:
        return refusal(error)
    undo = reverse("records:restore_comment", args=[spec.code, id, comment])
    return touched(spec.id, id, toast={"text": _("The comment is deleted"), "undo": undo})


@require_POST
def restore(request: HttpRequest, type: str, id: int, comment: int) -> HttpResponse:
    """Bring a deleted comment back."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    try:
        restore_comment(actor, spec, id, comment, cause=CAUSE)
    except Forbidden as error:
        return refusal(error)
    return touched(spec.id, id)


@require_POST
def pin(request: HttpRequest, type: str, id: int, comment: int) -> HttpResponse:
    """Keep a comment above the timeline (`pinned=1`), or let it go."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    try:
        pin_comment(actor, spec, id, comment, pinned=request.POST.get("pinned") == "1", cause=CAUSE)
    except Forbidden as error:
        return refusal(error)
    return touched(spec.id, id)


def touched(type_id: int, id: int, **more: Any) -> HttpResponse:
    """The card looks again."""
    return news(record_attached={"type": type_id, "id": id}, **more)
