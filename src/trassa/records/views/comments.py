"""Comments on a card: written above its timeline, changed and taken away where they stand."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.people.queries import names_of
from trassa.records.actions.comments import (
    add_comment,
    delete_comment,
    edit_comment,
    pin_comment,
    restore_comment,
)
from trassa.records.actions.reactions import react_to_comment
from trassa.records.actions.watching import watch_record
from trassa.records.queries import get_record
from trassa.records.queries.audience import suggest_listeners
from trassa.records.queries.comments import CommentLine, comments_by_id, get_comment, lines_of, list_versions
from trassa.records.queries.files import read_files, sees_file
from trassa.records.queries.known import get_type
from trassa.records.screens.comments import QuoteView, Reader, excerpt_of, view_comment
from trassa.records.screens.files import FileView, as_view
from trassa.records.views.answers import news, refusal, with_news
from trassa.records.views.cards import card_context, read_parts
from trassa.schema.types import TypeSpec
from trassa.ui import read_id, read_ids, render, render_in_dialog

CAUSE = {"kind": "card"}
MAX_TEXT = 100


@require_POST
def add(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Write a comment: an empty form comes back, and the timeline beside it."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    text, files, error = request.POST.get("text", ""), chosen_files(request), ""
    answers = read_id(request.POST.get("answers", ""))
    try:
        add_comment(actor, spec, id, text, files=files, answers=answers, cause=CAUSE)
        text, files, answers = "", [], None
    except Invalid as refused:
        error = str(refused.message)
    record = get_record(actor, spec, id)
    context = card_context(request, read_parts(actor, spec, record, request.POST.get("show", "all")))
    context |= {"text": text, "error": error, "files": visible_files(actor, files)}
    context["quote"] = find_quote(record.id, answers)
    part = "records/comment_added.html"
    return render(request, part, context, fragment=part, status=422 if error else 200)


def find_quote(record_id: int, id: int | None) -> QuoteView | None:
    """The comment that is being answered, for a form that comes back; None when it is not there any more."""
    line = comments_by_id([id]).get(id) if id is not None else None
    if line is None or line.record_id != record_id:
        return None
    who = names_of([line.author_id]).get(line.author_id, "") if line.author_id else ""
    return QuoteView(line.id, who, excerpt_of(line.text))


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
        "people_url": reverse("records:listeners", args=[spec.code, id]),
        "card_url": reverse("records:card", args=[spec.code, id]),
    }
    part = "records/comment_form.html"
    return render(request, part, context, fragment=part, status=422 if error else 200)


def show_saved(
    request: HttpRequest, actor: Actor, spec: TypeSpec, id: int, line: CommentLine
) -> HttpResponse:
    """The changed comment in the place of its form; then the card looks again."""
    people = names_of([*line.people, *([line.author_id] if line.author_id else [])])
    comment = view_comment(line, Reader(actor.id), people)
    context = {"card": {"id": id, "type_code": spec.code}, "comment": comment}
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


@require_POST
def react(request: HttpRequest, type: str, id: int, comment: int) -> HttpResponse:
    """Choose a reaction (`wanted=1`), or take it back."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    kind, wanted = request.POST.get("reaction", ""), request.POST.get("wanted") == "1"
    try:
        react_to_comment(actor, spec, id, comment, kind, wanted=wanted, cause=CAUSE)
    except Invalid as error:
        return refusal(error)
    return touched(spec.id, id)


@require_safe
def versions(request: HttpRequest, type: str, id: int, comment: int) -> HttpResponse:
    """What a comment said before it was changed."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    get_record(actor, spec, id)
    line = get_comment(id, comment)
    context = {
        "versions": list_versions(line, id),
        "who": names_of([line.author_id]).get(line.author_id, "") if line.author_id else "",
        "who_id": line.author_id,
    }
    return render_in_dialog(request, "records/comment_versions.html", context)


@require_safe
def listeners(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """People who see the record and can be named in a comment: what is offered behind an @."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    get_record(actor, spec, id)
    text = request.GET.get("q", "").strip()[:MAX_TEXT]
    part = "records/listeners.html"
    context = {"people": suggest_listeners(spec, id, text, but=actor.id), "text": text}
    return render(request, part, context, fragment=part)


@require_POST
def watch(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Hear what is said about the record (`watching=1`), or no more."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    watch_record(actor, spec, id, watching=request.POST.get("watching") == "1", cause=CAUSE)
    return touched(spec.id, id)


def touched(type_id: int, id: int, **more: Any) -> HttpResponse:
    """The card looks again."""
    return news(record_attached={"type": type_id, "id": id}, **more)
