"""Further layouts of a type's card: their list, which one applies, and a plain editor. For administrators."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import actor_of
from trassa.kernel import Invalid, NotFound
from trassa.people.queries import administrator_of, list_roles
from trassa.records.actions.card_layouts import drafts_of, order_cards, remove_card, save_card
from trassa.records.queries.known import get_type
from trassa.records.screens.card_layouts import card_rows, layout_lines, read_card
from trassa.schema.actions import CardDraft
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, TypeSpec
from trassa.ui import add_toast, read_ids, reload_page, render

EDITOR = "records/card_layout_editor.html"
NEW = "new"


@require_safe
def card_layouts(request: HttpRequest, type: str) -> HttpResponse:
    """The layouts in their order; with `?role=` and `?stage=` (ids) which one applies, and why."""
    spec = _find_type(request, type)
    roles = read_ids(request.GET.getlist("role"))
    stage = next(iter(read_ids([request.GET.get("stage", "")])), None)
    is_asked = "role" in request.GET or "stage" in request.GET
    chosen = spec.layouts.choose_card(roles, stage)
    context = {
        "spec": spec,
        "types": sorted(current_generation(), key=lambda each: str(each.plural)),
        "lines": layout_lines(spec, (roles, stage) if is_asked else None),
        "is_asked": is_asked,
        "applies": str(chosen.label) if chosen else _("The type's own card"),
        "roles": list_roles(),
        "stages": _stages(spec, ids=True),
        "role": str(roles[0]) if roles else "",
        "stage": str(stage or ""),
    }
    return render(request, "records/card_layouts.html", context)


@require_safe
def all_card_layouts(request: HttpRequest) -> HttpResponseBase:
    """To the layouts of the first type."""
    administrator_of(request)
    first = next(iter(current_generation().in_menus), None)
    if first is None:
        raise NotFound(_("There are no types yet."))
    return HttpResponseRedirect(reverse("records:card_layouts", args=[first.code]))


@require_http_methods(["GET", "HEAD", "POST"])
def card_layout(request: HttpRequest, type: str, code: str) -> HttpResponseBase:
    """The editor of a layout; `new` begins one as a copy of `?like=`, or of the type's own card."""
    actor = administrator_of(request)
    spec = _find_type(request, type)
    known = {draft.code: draft for draft in drafts_of(spec)}
    if request.method != "POST":
        return _edit(request, spec, code, _begun(request, spec, known) if code == NEW else _find(known, code))
    draft = read_card(request.POST, _free_code(known) if code == NEW else _find(known, code).code)
    try:
        save_card(spec.code, draft, actor_id=actor.id)
    except Invalid as refusal:
        return _edit(request, spec, code, draft, str(refusal))
    return HttpResponseRedirect(reverse("records:card_layouts", args=[spec.code]))


@require_POST
def remove(request: HttpRequest, type: str, code: str) -> HttpResponse:
    """Takes a layout away."""
    actor = administrator_of(request)
    remove_card(_find_type(request, type).code, code, actor_id=actor.id)
    return reload_page()


@require_POST
def order(request: HttpRequest, type: str) -> HttpResponse:
    """Puts the layouts into the order of `row`."""
    actor = administrator_of(request)
    order_cards(_find_type(request, type).code, request.POST.getlist("row"), actor_id=actor.id)
    return add_toast(HttpResponse(status=204), _("The order is saved."), tone="ok")


def _find_type(request: HttpRequest, code: str) -> TypeSpec:
    return get_type(actor_of(administrator_of(request)), code)


def _find(known: dict[str, CardDraft], code: str) -> CardDraft:
    if code not in known:
        raise NotFound(_("There is no such layout of the card."))
    return known[code]


def _begun(request: HttpRequest, spec: TypeSpec, known: dict[str, CardDraft]) -> CardDraft:
    """A new layout like another one; conditions stay with the type's own card."""
    like = known.get(request.GET.get("like", ""))
    if like is not None:
        label = Label(_("%(name)s, a copy") % {"name": like.label.ru}, like.label.en)
        return replace(like, label=label, roles=(), stages=())
    return CardDraft(NEW, Label(""), spec.layouts.card)


def _free_code(known: dict[str, CardDraft]) -> str:
    numbers = (number for number in range(1, len(known) + 2) if f"x_card{number}" not in known)
    return f"x_card{next(numbers)}"


def _edit(request: HttpRequest, spec: TypeSpec, code: str, draft: CardDraft, error: str = "") -> HttpResponse:
    context = {
        "spec": spec,
        "code": code,
        "draft": draft,
        "rows": card_rows(spec, draft.tabs),
        "roles": list_roles(),
        "stages": _stages(spec),
        "error": error,
    }
    return render(request, "records/card_layout.html", context, status=422 if error else 200)


def _stages(spec: TypeSpec, *, ids: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """Pipelines with their stages, by "pipeline.stage" or by id."""
    return [
        (
            str(pipeline.label),
            [
                (str(stage.id) if ids else f"{pipeline.code}.{stage.code}", str(stage.label))
                for stage in pipeline.stages
            ],
        )
        for pipeline in spec.pipelines
    ]
