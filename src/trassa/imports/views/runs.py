"""Imports: the list of them, sending a file, and the page of one."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.imports.actions.mending import create_mended_run
from trassa.imports.actions.runs import create_run
from trassa.imports.queries.runs import PAGE, get_run, list_runs
from trassa.imports.queries.subjects import importable_types
from trassa.imports.screens.runs import make_lines
from trassa.imports.views.pages import SETUP, show
from trassa.kernel import Forbidden, Invalid
from trassa.records.queries.known import get_type
from trassa.ui import read_id, render


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The person's imports, newest first; who may everything sees everybody's."""
    actor = actor_of_request(request)
    found = list_runs(actor, before=read_id(request.GET.get("before", "")), limit=PAGE + 1)
    context = {
        "lines": make_lines(found[:PAGE]),
        "more": f"{reverse('imports:runs')}?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
        "may_import": bool(importable_types(actor)),
        "shows_people": actor.everything,
    }
    return render(request, "imports/runs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file and the type of its records; then its columns are chosen on the page of the import."""
    actor = actor_of_request(request)
    code = request.POST.get("type") or request.GET.get("type", "")
    spec = get_type(actor, code) if code else None
    if spec is not None and not actor.may_create(spec):
        raise Forbidden(_("Your role does not allow creating such records."))
    if request.method != "POST":
        return render_upload(request, actor, code)
    try:
        file = read_file(request)
        if spec is None:
            raise Invalid(_("Say what the file holds."))
        run_id = create_run(file, file.name or "", spec, actor=actor).id
    except Invalid as error:
        return render_upload(request, actor, code, str(error.message), status=422)
    return HttpResponseRedirect(reverse("imports:run", args=[run_id]))


def read_file(request: HttpRequest) -> UploadedFile[Any]:
    """The file that was sent; raises Invalid."""
    file = request.FILES.get("file")
    if file is None or not file.name:
        raise Invalid(_("Choose a file."))
    if (file.size or 0) > settings.TRASSA_FILE_BYTES:
        message = _("The file is larger than %s MB. Split it and import the parts one by one.")
        raise Invalid(message % (settings.TRASSA_FILE_BYTES // 1024**2))
    return file


def render_upload(
    request: HttpRequest, actor: Actor, code: str, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "types": [(spec.code, str(spec.plural)) for spec in importable_types(actor)],
        "type": code,
        "error": error,
        "largest": settings.TRASSA_FILE_BYTES // 1024**2,
    }
    return render(request, "imports/upload.html", context, status=status)


@require_safe
def run(request: HttpRequest, id: int) -> HttpResponse:
    """One import; asked for again and again while it works."""
    actor = actor_of_request(request)
    return show(request, actor, get_run(actor, id), wants_setup=SETUP in request.GET)


@require_POST
def mended(request: HttpRequest, id: int) -> HttpResponse:
    """The mended file of rejected lines, with the columns and options of the run that rejected them."""
    actor = actor_of_request(request)
    former = get_run(actor, id)
    try:
        file = read_file(request)
        run = create_mended_run(id, file, file.name or "", actor=actor)
    except Invalid as error:
        return show(request, actor, former, error=str(error.message))
    return HttpResponseRedirect(reverse("imports:run", args=[run.id]))
