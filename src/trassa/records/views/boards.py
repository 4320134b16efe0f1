"""The board of a pipeline and its parts."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.records.queries import board_cards, board_sums, list_records
from trassa.records.queries.boards import card_codes, stage_cards
from trassa.records.queries.known import get_pipeline
from trassa.records.screens import boards
from trassa.records.screens.addresses import Address
from trassa.records.screens.bulk_runs import possible_acts
from trassa.records.screens.looks import frame_of
from trassa.records.screens.saved_views import Place, default_address
from trassa.records.screens.totals import make_sums
from trassa.records.types import Filter
from trassa.records.views.answers import wants_fragment
from trassa.records.views.subjects import get_stage
from trassa.schema.types import PipelineSpec
from trassa.ui import read_ids, render

#: Cards that one refresh may ask for; beyond that the whole board is fetched.
MAX_REFRESH = 50


@require_safe
def board(request: HttpRequest, pipeline: str) -> HttpResponse:
    """The page, or only its columns when a filter asks for them."""
    actor = actor_of_request(request)
    spec, found = get_pipeline(actor, pipeline)
    address = Address.of(reverse("records:board", args=[found.code]), request.GET)
    place = Place(actor, spec, found, address, "board")
    is_part = wants_fragment(request, "board")
    if not is_part and (first := default_address(place)):
        return HttpResponseRedirect(first)
    pages = board_cards(actor, spec, found, address.query(actor, spec), per_stage=boards.PAGE)
    columns = boards.make_columns(actor, spec, found, pages, address)
    context = {
        "columns": columns,
        "is_empty": not any(column.cards for column in columns),
        **frame(place, found),
    }
    part = "records/board_columns.html" if is_part else None
    return render(request, "records/board.html", context, fragment=part)


def frame(place: Place, pipeline: PipelineSpec) -> dict[str, Any]:
    """What surrounds the columns."""
    actor, spec, address = place.actor, place.spec, place.address
    creatable = actor.may_create(spec, pipeline)
    create = f"{reverse('records:create', args=[spec.code])}?pipeline={pipeline.code}"
    return {
        **frame_of(place),
        "pipeline_code": pipeline.code,
        "acts": possible_acts(actor, spec),
        "sums_url": address.at(reverse("records:board_sums", args=[pipeline.code])),
        "changes_url": address.at(reverse("records:board_changes", args=[pipeline.code])),
        "create_url": create if creatable else "",
    }


@require_safe
def board_sums_part(request: HttpRequest, pipeline: str) -> HttpResponse:
    """Counts and sums of all columns; they arrive after the cards."""
    actor = actor_of_request(request)
    spec, found = get_pipeline(actor, pipeline)
    address = Address.of(request.path, request.GET)
    sums = board_sums(actor, spec, found, address.query(actor, spec))
    context = {"sums": make_sums(spec, sums)}
    return render(request, "records/board_sums.html", context, fragment="records/board_sums.html")


@require_safe
def stage_cards_part(request: HttpRequest, pipeline: str, stage: str) -> HttpResponse:
    """The next cards of a column."""
    actor = actor_of_request(request)
    spec, found = get_pipeline(actor, pipeline)
    column = get_stage(found, stage)
    address = Address.of(request.path, request.GET)
    query = address.query(actor, spec)
    after = boards.read_cursor(request.GET.get("after", ""))
    query = replace(query, limit=boards.PAGE, after=after)
    page = stage_cards(actor, spec, found, column.id, query)
    context = {
        "cards": boards.make_cards(actor, spec, found, page.items),
        "more": boards.more_url(found, column, page, address),
    }
    return render(request, "records/board_cards.html", context, fragment="records/board_cards.html")


@require_safe
def board_changes(request: HttpRequest, pipeline: str) -> HttpResponse:
    """Fresh cards of `?ids=`; those that no longer belong on this board are absent."""
    actor = actor_of_request(request)
    spec, found = get_pipeline(actor, pipeline)
    address = Address.of(request.path, request.GET)
    ids = read_ids(request.GET.get("ids", "").split(","))[:MAX_REFRESH]
    cards: list[boards.Card] = []
    if ids:
        only = (Filter("id", "in", ",".join(map(str, ids))), Filter("pipeline", "eq", found.code))
        query = address.query(actor, spec, extra=only)
        page = list_records(actor, spec, query, fields=card_codes(spec))
        cards = boards.make_cards(actor, spec, found, page.items)
    context = {"cards": cards, "more": ""}
    return render(request, "records/board_cards.html", context, fragment="records/board_cards.html")
