"""What an administrator does with drafts: begins, changes, applies, drops them, and takes edits back."""

import io
import tempfile
import zipfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.designer.actions import (
    apply_draft,
    begin_type,
    drop_draft,
    edit_draft,
    empty_unfit,
    restore_type,
    step_back,
    undo_edit,
)
from trassa.designer.queries import draft_or_installed, installed_part
from trassa.designer.screens.heads import ICONS
from trassa.designer.views.forms import Selection, read_edit
from trassa.designer.views.pages import show
from trassa.kernel import Invalid, NotFound
from trassa.people.queries import administrator_of
from trassa.solutions.actions import export_local
from trassa.ui import add_toast, is_fragment_request, read_id, reload_page, render_in_dialog

FORM = "designer/create.html"


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new type: its name, an icon, with stages or not."""
    person = administrator_of(request)
    if request.method != "POST":
        return _ask(request, error="")
    try:
        draft = begin_type(
            label=request.POST.get("label", "").strip(),
            plural=request.POST.get("plural", ""),
            icon=request.POST.get("icon", ""),
            with_stages="stages" in request.POST,
            actor_id=person.id,
        )
    except Invalid as error:
        return _ask(request, error=str(error.message))
    url = reverse("designer:page", args=[draft.code, "card"])
    if not is_fragment_request(request):
        return HttpResponseRedirect(url)
    response = HttpResponse()
    response["HX-Redirect"] = url
    return response


def _ask(request: HttpRequest, error: str) -> HttpResponse:
    context = {
        "error": error,
        "label": request.POST.get("label", ""),
        "plural": request.POST.get("plural", ""),
        "icon": request.POST.get("icon") or ICONS[0],
        "icons": ICONS,
        "stages": request.method != "POST" or "stages" in request.POST,
    }
    return render_in_dialog(
        request, FORM, context, status=422 if error else 200, below=reverse("designer:types")
    )


@require_POST
def restore(request: HttpRequest, type: str) -> HttpResponse:
    """Begin a draft that brings a retired type back; its review says what comes with it."""
    restore_type(type, actor_id=administrator_of(request).id)
    return _go(request, reverse("designer:review", args=[type]))


@require_POST
def change(request: HttpRequest, type: str, page: str) -> HttpResponse:
    """One edit of the draft; answers with the page as it is then."""
    person = administrator_of(request)
    selection = Selection(request.GET.get("field", "") or request.POST.get("code", ""))
    edit = read_edit(request.POST, draft_or_installed(type, person.id), selection)
    revision = read_id(request.POST.get("revision", ""))
    draft = edit_draft(type, edit, revision=revision, actor_id=person.id)
    url = reverse("designer:page", args=[type, page])
    if page == "card" and selection.field:
        url += f"?field={selection.field}"
    if not is_fragment_request(request):
        return HttpResponseRedirect(url)
    response = show(request, draft, page, selection, person.id)
    response["HX-Replace-Url"] = url
    return response


@require_POST
def back(request: HttpRequest, type: str) -> HttpResponse:
    """Take the last edit of the draft back."""
    step_back(type, actor_id=administrator_of(request).id)
    return reload_page()


@require_POST
def drop(request: HttpRequest, type: str) -> HttpResponse:
    """Forget the draft."""
    drop_draft(type, actor_id=administrator_of(request).id)
    return _go(request, reverse("designer:types"))


@require_POST
def unfit(request: HttpRequest, type: str) -> HttpResponse:
    """What becomes of values that do not fit the new kind of `field`: left empty, or the kind stays."""
    person = administrator_of(request)
    field = request.POST.get("field", "")
    if request.POST.get("choice") == "empty":
        empty_unfit(type, field, actor_id=person.id)
    else:
        found = installed_part(type).types[0]
        entry = next((each for each in found.fields if each.code == field), None)
        if entry is None:
            raise NotFound("There is no such field.")
        kept = {"kind": entry.kind, "settings": entry.settings}
        edit_draft(type, lambda design: design.with_field(field, **kept), actor_id=person.id)
    return _go(request, reverse("designer:review", args=[type]))


@require_POST
def apply(request: HttpRequest, type: str) -> HttpResponse:
    """Carry the draft out."""
    person = administrator_of(request)
    revision = read_id(request.POST.get("revision", "")) or 0
    apply_draft(type, revision=revision, mine_wins="mine" in request.POST, actor_id=person.id)
    return _go(request, reverse("designer:page", args=[type, "card"]))


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an applied edit back."""
    undo_edit(number, actor_id=administrator_of(request).id)
    response = _go(request, reverse("designer:types"))
    return add_toast(response, _("Taken back."), tone="ok")


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything that was changed here against the packs, as a pack."""
    administrator_of(request)
    content = io.BytesIO()
    with (
        tempfile.TemporaryDirectory() as name,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        folder = Path(name)
        for file in export_local(folder).files:
            archive.write(file, file.relative_to(folder).as_posix())
    response = HttpResponse(content.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="local.zip"'
    return response


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to another page."""
    if not is_fragment_request(request):
        return HttpResponseRedirect(url)
    response = HttpResponse()
    response["HX-Redirect"] = url
    return response
