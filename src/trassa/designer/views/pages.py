"""The pages of the designer."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from trassa.designer.queries import (
    draft_or_installed,
    find_draft,
    list_drafts,
    list_retired_types,
    list_types,
    plan_of,
)
from trassa.designer.screens.cards import make_card
from trassa.designer.screens.heads import PAGES, list_lines, list_retired_lines, make_head
from trassa.designer.screens.reviews import make_review
from trassa.designer.screens.settings import make_lists, make_naming, make_rights, make_stages
from trassa.designer.types import DraftState
from trassa.designer.views.forms import Selection
from trassa.kernel import NotFound
from trassa.people.queries import administrator_of, names_of
from trassa.solutions.queries import last_edit
from trassa.ui import render


@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """All types, and drafts of types that do not exist yet."""
    administrator_of(request)
    drafts = list_drafts()
    names = names_of(draft.edited_by_id for draft in drafts)
    context = {
        "lines": list_lines(list_types(), drafts, names),
        "retired": list_retired_lines(list_retired_types(), drafts),
        "last": last_edit(),
    }
    return render(request, "designer/types.html", context)


@require_safe
def page(request: HttpRequest, type: str, page: str) -> HttpResponse:
    """One page of the designer of a type; `?field=` chooses a field of the card."""
    person = administrator_of(request)
    draft = draft_or_installed(type, person.id)
    return show(request, draft, page, Selection(request.GET.get("field", "")), person.id)


def show(
    request: HttpRequest, draft: DraftState, page: str, selection: Selection, person_id: int
) -> HttpResponse:
    """A page of the designer as the draft stands."""
    if page not in PAGES or page == "preview":
        raise NotFound("There is no such page.")
    names = names_of([draft.edited_by_id]) if draft.edited_by_id else {}
    context: dict[str, Any] = {
        "page": page,
        "head": make_head(draft, page, person_id, names),
        "change_url": reverse("designer:change", args=[draft.code, page]),
        "revision": draft.revision,
    }
    design = draft.design
    if page == "card":
        context["card"] = make_card(draft, selection.field, is_new=selection.is_new)
    elif page == "stages":
        context["pipelines"] = make_stages(draft)
    elif page == "lists":
        context["lists"] = make_lists(design)
    elif page == "naming":
        context["naming"] = make_naming(design)
    else:
        context["rights"] = make_rights(design)
    return render(request, "designer/page.html", context, fragment="content")


@require_safe
def review(request: HttpRequest, type: str) -> HttpResponse:
    """What applying the draft would do. `?mine=1`: the draft wins where somebody changed the same."""
    person = administrator_of(request)
    draft = find_draft(type)
    if draft is None:
        return HttpResponseRedirect(reverse("designer:page", args=[type, "card"]))
    mine_wins = "mine" in request.GET
    plan = plan_of(draft, mine_wins=mine_wins)
    context = {
        "page": "review",
        "head": make_head(draft, "review", person.id, names_of([draft.edited_by_id])),
        "review": make_review(draft, plan, mine_wins=mine_wins),
        "revision": draft.revision,
    }
    return render(request, "designer/page.html", context, fragment="content")
