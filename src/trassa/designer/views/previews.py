"""The preview: pages of real records as they will look under the draft. Nothing of it is written.

The frame rehearses the plan of the draft and asks the very pages that people open for their content. The
browser shows it in a sandbox, where no script runs and no form is sent.
"""

import copy
import json
import re

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import Actor, actor_in_role, actor_of_request, reading_as, restrict
from trassa.access.types import Verb
from trassa.designer.queries import draft_or_installed, plan_of, sketch_of
from trassa.designer.screens.heads import make_head, said
from trassa.designer.screens.previews import LOOKS, Preview, make_note, make_preview
from trassa.designer.types import DraftState
from trassa.expressions import ExpressionRefused, Kind, read
from trassa.kernel import Invalid, NotFound, TrassaError
from trassa.people.queries import administrator_of, get_role, list_holders, names_of
from trassa.records.queries import titles_in, visible_titles
from trassa.schema.actions.expressions import default_kinds
from trassa.schema.actions.formulas import why_unfit
from trassa.schema.queries import SchemaScope, current_generation, pin_draft
from trassa.schema.types import TypeSpec
from trassa.solutions.actions import rehearsing
from trassa.solutions.queries import grant_specs
from trassa.solutions.types import RoleEntry
from trassa.ui import read_id, render

_LINK = re.compile(r"""(<a\b[^>]*?)\shref="([^"]*)\"""")
#: What makes an element do something, or take the focus.
_DEED = re.compile(
    r"""\s(?:(?:hx-(?!swap-oob)[a-z:-]+|popovertarget|formaction)="[^"]*"|autofocus\b|data-panel\b)"""
)
_MAX_TEXT = 10_000


@require_safe
def preview(request: HttpRequest, type: str) -> HttpResponse:
    """Which page of which record is previewed, and the frame that shows it."""
    person = administrator_of(request)
    draft = draft_or_installed(type, person.id)
    asked = asked_for(request, draft)
    context = {
        "page": "preview",
        "head": make_head(draft, "preview", person.id, names_of([draft.edited_by_id])),
        "preview": make_preview(draft, asked, _title(request, draft, asked)),
    }
    return render(request, "designer/page.html", context, fragment="content")


def _title(request: HttpRequest, draft: DraftState, asked: Preview) -> str:
    """The title of the chosen record."""
    spec = current_generation().types.get(draft.code)
    if spec is None or asked.record_id is None:
        return ""
    found = visible_titles(actor_of_request(request), {spec.id: {asked.record_id}})
    return titles_in(found).get(asked.record_id, "")


def asked_for(request: HttpRequest, draft: DraftState) -> Preview:
    """What the address asks for; the card without anything else."""
    look, role = request.GET.get("look", ""), request.GET.get("role", "")
    known = look in LOOKS and (look != "board" or bool(draft.design.pipelines))
    return Preview(
        look=look if known else "card",
        record_id=read_id(request.GET.get("record", "")),
        is_narrow="narrow" in request.GET,
        tab=request.GET.get("tab", ""),
        role=role if role in {each.code for each in draft.design.roles} else "",
    )


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its types know no arguments
@require_safe
def frame(request: HttpRequest, type: str) -> HttpResponse:
    """The content of the frame; what keeps the draft from being applied is said there instead."""
    person = administrator_of(request)
    draft = draft_or_installed(type, person.id)
    asked = asked_for(request, draft)
    content, refusal, note = "", "", None
    try:
        plan = plan_of(draft, mine_wins=True)
        if plan.obstacles and not plan.steps:
            raise Invalid("\n".join(plan.obstacles))
        with rehearsing(plan, record_id=asked.record_id, actor_id=person.id):
            spec = current_generation().types[type]
            if asked.role:
                role = next((each for each in plan.target.roles if each.code == asked.role), None)
                if role is None:
                    raise NotFound(_("There is no such role."))
                reader = reader_in_role(spec, role, asked.record_id)
                masked = [field for field in spec.fields if not reader.sees_field(field)]
                note = make_note(draft, role, str(reader.name), masked)
            else:
                reader = actor_of_request(request)
            content = _content(request, spec, reader, asked)
    except TrassaError as error:
        refusal = str(error.message)
    context = {
        "look": LOOKS[asked.look],
        "note": note,
        "content": _quiet(content, request.path, asked),
        "lines": refusal.splitlines(),
        "label": said(draft.design.type.plural),
    }
    return render(request, "designer/frame.html", context)


def reader_in_role(spec: TypeSpec, entry: RoleEntry, record_id: int | None) -> Actor:
    """Somebody in this role, with its rights in the rehearsal: whoever of its people has the record, or the
    newest one of all."""
    role = get_role(entry.code)
    holders = {person.id: person for person in list_holders(role.id)}
    owned = spec.model._default_manager.filter(deleted_at=None, owner_id__in=list(holders))
    newest = owned.order_by("-id").values_list("owner_id", flat=True)
    owner = newest.filter(id=record_id).first() or newest.first() or min(holders, default=0)
    return actor_in_role(role.id, grant_specs(entry.grants, current_generation()), holders.get(owner))


def _content(request: HttpRequest, spec: TypeSpec, reader: Actor, asked: Preview) -> str:
    """What the page of the records answers to htmx; "" where the reader sees nothing."""
    url, query = "", ""
    if asked.look == "board":
        url = reverse("records:board", args=[spec.pipelines[0].code])
    elif asked.look == "list":
        url = reverse("records:list", args=[spec.code])
    elif (id := _shown_id(spec, reader, asked.record_id)) is not None:
        url, query = reverse("records:card", args=[spec.code, id]), f"tab={asked.tab}"
    try:
        with reading_as(reader):
            return _ask(request, url, query=query, target=asked.look) if url else ""
    except NotFound:
        return ""


def _shown_id(spec: TypeSpec, reader: Actor, asked: int | None) -> int | None:
    """The record that was asked for, or else the newest that the reader sees."""
    rows = restrict(spec.model._default_manager.all(), reader.reach(Verb.SEE, spec))
    found = rows.filter(id=asked).values_list("id", flat=True).first() if asked is not None else None
    newest = rows.filter(deleted_at=None).order_by("-id").values_list("id", flat=True)
    return found if asked is not None and found else newest.first()


def _ask(request: HttpRequest, path: str, *, query: str = "", target: str = "") -> str:
    """The content that another page would give to the same person."""
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": target, "HTTP_HX_CURRENT_URL": path}
    match = resolve(path)
    response: HttpResponse = match.func(_asking(request, path, query, headers), *match.args, **match.kwargs)
    return response.content.decode()


def _asking(request: HttpRequest, path: str, query: str, headers: dict[str, str]) -> HttpRequest:
    """The request for another page, of the same person."""
    asking = copy.copy(request)
    asking.__dict__.pop("headers", None)
    asking.path = asking.path_info = path
    asking.GET = QueryDict(query)
    asking.META = {**request.META, "QUERY_STRING": query, **headers}
    return asking


def _quiet(content: str, path: str, asked: Preview) -> str:
    """The content with links that lead nowhere, except those between tabs of the card; it takes no focus."""

    def link(match: re.Match[str]) -> str:
        _before, _tab, code = match[2].partition("?tab=")
        if not code:
            return match[1]
        return f'{match[1]} href="{path}?record={asked.record_id or ""}&amp;role={asked.role}&amp;tab={code}"'

    return _DEED.sub("", _LINK.sub(link, content))


@require_POST
def completions(request: HttpRequest, type: str) -> HttpResponse:
    """Options for the text box of an expression about the draft."""
    person = administrator_of(request)
    draft = draft_or_installed(type, person.id)
    path = reverse("records:completions", args=[type])
    match = resolve(path)
    with pin_draft(sketch_of(draft)):
        response: HttpResponse = match.func(_asking(request, path, "", {}), *match.args, **match.kwargs)
    return response


@require_POST
def check(request: HttpRequest, type: str) -> JsonResponse:
    """What is wrong with an expression about the draft, with places; `?field=`: as the default of a field,
    with `&kept` as what it is worked out from."""
    person = administrator_of(request)
    text = _read_text(request)
    generation = sketch_of(draft_or_installed(type, person.id))
    spec = generation.types[type]
    field = spec.by_code.get(request.GET.get("field", ""))
    expected = (Kind.BOOLEAN,) if field is None else default_kinds(field)
    scope = SchemaScope(generation)
    try:
        node = read(text, scope, spec.id, expected=expected)
    except ExpressionRefused as refusal:
        errors = [
            {"start": each.start, "end": each.end, "message": str(each.message)} for each in refusal.faults
        ]
        return JsonResponse({"errors": errors})
    problem = why_unfit(node, scope, spec.id) if "kept" in request.GET else ""
    return JsonResponse({"errors": [{"start": 0, "end": len(text), "message": problem}] if problem else []})


def _read_text(request: HttpRequest) -> str:
    """The text of a JSON body, as the check of the API takes it."""
    try:
        asked = json.loads(request.body)
    except ValueError:
        raise Invalid("The body must be JSON.") from None
    return str(asked.get("text", ""))[:_MAX_TEXT] if isinstance(asked, dict) else ""
