"""Search: answers while typing, the page of results, and pickers of linked records."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.access.types import Verb
from trassa.records.actions.linked import find_name_field
from trassa.records.queries import find_hits, list_records
from trassa.records.queries.forms import NEW
from trassa.records.queries.known import get_type
from trassa.records.screens.cells import card_stem
from trassa.records.types import Hit, ListQuery
from trassa.schema.queries import current_generation
from trassa.ui import render

ANSWERS = 8
RESULTS = 50
OPTIONS = 8
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """One record that was found."""

    id: int
    title: str
    number: str
    hint: str
    type_label: str
    icon: str
    url: str


def make_answers(actor: Actor, hits: list[Hit]) -> list[Answer]:
    """Answers with the words of their types."""
    types = current_generation().types_by_id
    stems = {id: card_stem(types[id].code) for id in {hit.type_id for hit in hits}}
    return [
        Answer(
            id=hit.id,
            title=hit.title,
            number=hit.number,
            hint=f"{types[hit.type_id].label} {hit.number}",
            type_label=str(types[hit.type_id].plural),
            icon=types[hit.type_id].icon,
            url=f"{stems[hit.type_id]}{hit.id}/",
        )
        for hit in hits
    ]


def read_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:MAX_TEXT]


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The list under the search box."""
    actor = actor_of_request(request)
    text = read_text(request)
    found = find_hits(actor, text, limit=ANSWERS + 1)
    context: dict[str, Any] = {
        "answers": make_answers(actor, found.hits[:ANSWERS]),
        "more": len(found.hits) > ANSWERS,
        "text": found.instead or text,
        "instead": found.instead,
    }
    return render(request, "records/answers.html", context, fragment="records/answers.html")


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The page of results."""
    actor = actor_of_request(request)
    text = read_text(request)
    found = find_hits(actor, text, limit=RESULTS)
    context = {
        "answers": make_answers(actor, found.hits),
        "text": text,
        "instead": found.instead,
        "is_full": len(found.hits) == RESULTS,
    }
    return render(request, "records/search.html", context, fragment="results")


@require_safe
def options(request: HttpRequest, type: str) -> HttpResponse:
    """Records to link to: the newest ones, or those that match; with `?new=1` one more to be created."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    text, instead = read_text(request), ""
    if actor.reach(Verb.SEE, spec).nothing:
        hits: list[Hit] = []
    elif text:
        found = find_hits(actor, text, limit=OPTIONS, types=[spec])
        hits, instead = found.hits, found.instead
    else:
        page = list_records(actor, spec, ListQuery(limit=OPTIONS), fields=[])
        hits = [Hit(each.id, spec.id, each.title, each.number) for each in page.items]
    creatable = bool(text and request.GET.get("new") and find_name_field(actor, spec))
    context = {
        "hits": hits,
        "text": text,
        "instead": instead,
        "type_label": str(spec.label),
        "new_value": f"{NEW}{text}" if creatable else "",
    }
    return render(request, "records/options.html", context, fragment="records/options.html")
