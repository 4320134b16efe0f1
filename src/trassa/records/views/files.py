"""Files on cards: sent by themselves, then attached; shown and saved with the rights of their record."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions.files import store_upload
from trassa.records.actions.record_files import attach_files, remove_file, rename_file, restore_file
from trassa.records.contents.names import split_name
from trassa.records.contents.serving import may_show, serve_content
from trassa.records.contents.types import WEBP
from trassa.records.field_kinds import parse_kind
from trassa.records.queries.files import find_place, get_file, open_content, open_picture
from trassa.records.queries.known import get_type
from trassa.records.screens.files import as_view, field_of_file, kind_choices
from trassa.records.types import Attached, Outcome, StoredFile
from trassa.records.views.answers import news, refusal
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation
from trassa.ui import read_ids, render_in_dialog

CAUSE = {"kind": "card"}
_LONGEST_NAME = 1_000
_KEPT_SECONDS = 3_600


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take in the body as a file called `?name=`; answers {id, name, …} or {error} in words."""
    actor = actor_of_request(request)
    name = request.GET.get("name", "")[:_LONGEST_NAME]
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    try:
        if length > settings.TRASSA_FILE_BYTES:
            raise Invalid(
                _("The file is larger than %s MB. Make it smaller or split it.")
                % (settings.TRASSA_FILE_BYTES // 1024**2)
            )
        stored = store_upload(request, name, actor=actor)
    except Invalid as error:
        return JsonResponse({"error": str(error.message)}, status=422)
    view = as_view(stored)
    return JsonResponse({"id": view.id, "name": view.name, "size": view.size, "icon": view.icon}, status=201)


@require_safe
def content(request: HttpRequest, id: int) -> HttpResponseBase:
    """The content to be saved; with `?show` in the browser where its type may show itself."""
    file, stream = open_content(actor_of_request(request), id)
    inline = "show" in request.GET and may_show(file.type, file.width)
    return serve_content(
        request, stream, hash=file.hash, size=file.size, name=file.name, type=file.type, inline=inline
    )


@require_safe
def picture(request: HttpRequest, id: int, size: str) -> HttpResponseBase:
    """A small picture of the file, made by us."""
    file, hash, stream = open_picture(actor_of_request(request), id, large=size == "large")
    length = stream.seek(0, 2)
    stream.seek(0)
    return serve_content(
        request,
        stream,
        hash=hash,
        size=length,
        name=f"{split_name(file.name)[0]}.webp",
        type=WEBP.code,
        inline=True,
        cache_seconds=_KEPT_SECONDS,
    )


@require_POST
def attach(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Attach uploads (`files`, ids with commas) to a field (`place`), or beside the fields."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    files = [Attached(id, kind=None) for id in read_ids(request.POST.get("files", "").split(","))]
    try:
        outcome = attach_files(actor, spec.code, id, files, place=request.POST.get("place", ""), cause=CAUSE)
    except (Invalid, Conflict, Forbidden) as error:
        return refusal(error)
    return news(record_attached=changed(spec.id, id, outcome))


@require_POST
def remove(request: HttpRequest, id: int) -> HttpResponse:
    """Take a file away; the toast brings it back."""
    actor = actor_of_request(request)
    file = get_file(actor, id)
    try:
        outcome = remove_file(actor, id, cause=CAUSE)
    except (Invalid, Conflict, Forbidden) as error:
        return refusal(error)
    if outcome is None:
        return news()
    toast = {
        "text": _("Removed: %(name)s") % {"name": file.name},
        "undo": reverse("records:restore_file", args=[id]),
    }
    return news(toast=toast, record_attached=changed_by(file, outcome))


@require_POST
def restore(request: HttpRequest, id: int) -> HttpResponse:
    """Bring a removed file back."""
    actor = actor_of_request(request)
    try:
        outcome = restore_file(actor, id, cause=CAUSE)
    except (Invalid, Conflict, Forbidden) as error:
        return refusal(error)
    return news(record_attached=changed_by(get_file(actor, id), outcome))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """The name of a file, and what kind of document it is."""
    actor = actor_of_request(request)
    file = get_file(actor, id)
    if file.record_id is None:
        raise NotFound(_("There is no such file."))
    if request.method != "POST":
        return render_form(request, file)
    field = field_of_file(file)
    code = request.POST.get("kind", "")
    try:
        kind = parse_kind(code, field) if code and field else None
        _file, outcome = rename_file(
            actor, id, name=request.POST.get("name", "").strip()[:_LONGEST_NAME], kind=kind, cause=CAUSE
        )
    except ValueRefused as refused:
        return render_form(request, file, str(refused.message), status=422)
    except (Invalid, Conflict, Forbidden) as error:
        return render_form(request, file, str(error.errors[0].message if error.errors else error), status=422)
    return news(record_attached=changed_by(file, outcome), dialog_close={})


def render_form(request: HttpRequest, file: StoredFile, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "file": as_view(file),
        "stem": request.POST.get("name", split_name(file.name)[0]),
        "kinds": kind_choices(file),
        "error": error,
    }
    type_code, _place = find_place(file)
    below = reverse("records:card", args=[type_code, file.record_id])
    return render_in_dialog(request, "records/file_form.html", context, status=status, below=below)


def changed_by(file: StoredFile, outcome: Outcome) -> dict[str, Any]:
    type_code, _place = find_place(file)
    return changed(current_generation().types[type_code].id, file.record_id or 0, outcome)


def changed(type_id: int, id: int, outcome: Outcome) -> dict[str, Any]:
    return {"type": type_id, "id": id, "version": outcome.version}
