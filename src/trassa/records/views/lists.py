"""The list of a type and its parts."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import NotFound
from trassa.records.queries import COUNT_LIMIT, count_records, list_records, sum_records
from trassa.records.queries.exports import may_export
from trassa.records.queries.known import get_type
from trassa.records.registries import list_tools
from trassa.records.screens import lists
from trassa.records.screens.addresses import Address
from trassa.records.screens.bulk_runs import possible_acts
from trassa.records.screens.duplicates import has_keys
from trassa.records.screens.filters import (
    filter_controls,
    filter_fields,
    make_chips,
    owner_filter,
    people_links,
    where_filter,
)
from trassa.records.screens.totals import limited_words, total_words
from trassa.records.types import Filter
from trassa.records.views.answers import wants_fragment
from trassa.schema.types import PipelineSpec, TypeSpec
from trassa.ui import read_ids, render

PAGE = 80
MAX_REFRESH = 100
DEFAULT_ORDER = "-id"


@require_safe
def records_list(request: HttpRequest, type: str) -> HttpResponse:
    """The page, or only its table when a filter asks for it."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(reverse("records:list", args=[spec.code]), request.GET)
    context = {**rows_context(actor, spec, address, ""), **frame(actor, spec, address)}
    part = "records/list_table.html" if wants_fragment(request, "list") else None
    return render(request, "records/list.html", context, fragment=part)


def rows_context(actor: Actor, spec: TypeSpec, address: Address, after: str) -> dict[str, Any]:
    """One page of rows with the address of the next one."""
    order = address.order or DEFAULT_ORDER
    query = address.query(actor, spec, default_order=DEFAULT_ORDER)
    codes = lists.list_codes(actor, spec)
    query = replace(query, order=order, limit=PAGE, after=lists.read_cursor(after, order))
    page = list_records(actor, spec, query, fields=codes)
    return {
        "lines": lists.make_lines(actor, spec, codes, page.items),
        "heads": lists.make_heads(spec, codes, address),
        "acts": possible_acts(actor, spec),
        "more": lists.more_url(page, address, order, reverse("records:rows", args=[spec.code])),
    }


def frame(actor: Actor, spec: TypeSpec, address: Address) -> dict[str, Any]:
    """What surrounds the table."""
    pipeline = find_shown_pipeline(spec, address)
    creatable = actor.may_create(spec, pipeline)
    create = reverse("records:create", args=[spec.code])
    return {
        "title": str(pipeline.label if pipeline else spec.plural),
        "type_label": str(spec.label),
        "type_id": spec.id,
        "type_code": spec.code,
        "address": address,
        "chips": make_chips(actor, spec, address),
        "where": where_filter(actor, spec, address),
        "has_filters": bool(address.without("pipeline").conditions or address.text or address.where),
        "totals_url": address.at(reverse("records:list_totals", args=[spec.code])),
        "changes_url": address.at(reverse("records:list_changes", args=[spec.code])),
        "people_url": address.at(reverse("records:list_people", args=[spec.code])),
        "filters_url": address.at(reverse("records:filters", args=[spec.code])),
        "saved_url": address.at(reverse("records:saved_filters", args=[spec.code])),
        "board_url": board_url(pipeline, address),
        "owner": owner_filter(actor, address),
        "export_url": reverse("records:ask_export", args=[spec.code]) if may_export(actor, spec) else "",
        "tools": [item for tool in list_tools if (item := tool(actor, spec)) is not None],
        "suspects_url": reverse("records:suspects", args=[spec.code]) if has_keys(actor, spec) else "",
        "create_url": (f"{create}?pipeline={pipeline.code}" if pipeline else create) if creatable else "",
    }


def find_shown_pipeline(spec: TypeSpec, address: Address) -> PipelineSpec | None:
    """The one pipeline that the list is limited to."""
    wanted = address.value("pipeline")
    return next((pipeline for pipeline in spec.pipelines if pipeline.code == wanted), None)


def board_url(pipeline: PipelineSpec | None, address: Address) -> str:
    """The same records as a board, "" when they are of no single pipeline."""
    if pipeline is None:
        return ""
    bare = address.without("pipeline", "stage").sorted_by("")
    return bare.at(reverse("records:board", args=[pipeline.code]))


@require_safe
def rows(request: HttpRequest, type: str) -> HttpResponse:
    """The next rows."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(reverse("records:list", args=[spec.code]), request.GET)
    context = rows_context(actor, spec, address, request.GET.get("after", ""))
    return render(request, "records/list_rows.html", context, fragment="records/list_rows.html")


@require_safe
def list_changes(request: HttpRequest, type: str) -> HttpResponse:
    """Fresh rows of `?ids=`; those that no longer belong in this list are absent."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(request.path, request.GET)
    ids = read_ids(request.GET.get("ids", "").split(","))[:MAX_REFRESH]
    codes = lists.list_codes(actor, spec)
    found: list[lists.Line] = []
    if ids:
        query = address.sorted_by("").query(actor, spec, extra=(Filter("id", "in", ",".join(map(str, ids))),))
        page = list_records(actor, spec, query, fields=codes)
        found = lists.make_lines(actor, spec, codes, page.items)
    heads = lists.make_heads(spec, codes, address)
    context = {"lines": found, "heads": heads, "more": "", "acts": possible_acts(actor, spec)}
    return render(request, "records/list_rows.html", context, fragment="records/list_rows.html")


@require_safe
def list_totals(request: HttpRequest, type: str) -> HttpResponse:
    """How many there are and, for small lists, what they add up to; arrives after the rows."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    query = Address.of(request.path, request.GET).query(actor, spec)
    count = count_records(actor, spec, query)
    parts = [limited_words(count)]
    if 0 < count <= COUNT_LIMIT and spec.layouts.board_sum:
        total = sum_records(actor, spec, query, spec.layouts.board_sum)
        parts.append(total_words(spec.by_code.get(spec.layouts.board_sum), total))
    context = {"words": " · ".join(part for part in parts if part)}
    return render(request, "records/list_totals.html", context, fragment="records/list_totals.html")


@require_safe
def list_people(request: HttpRequest, type: str) -> HttpResponse:
    """Whose records a list can show: the menu behind the owner switch."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(reverse("records:list", args=[spec.code]), request.GET)
    context = {"people": people_links(address)}
    return render(request, "records/people_menu.html", context, fragment="records/people_menu.html")


@require_safe
def filters(request: HttpRequest, type: str) -> HttpResponse:
    """The form behind "+ Filter": which field, and with `?field=` its condition."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    code = request.GET.get("field", "")
    parameters = request.GET.copy()
    parameters.pop("field", None)
    address = Address.of(reverse("records:list", args=[spec.code]), parameters)
    controls = filter_controls(actor, spec, code, address) if code else []
    if code and not controls:
        raise NotFound("There is no such field.")
    kept = [pair for pair in address.parameters if pair[0].partition("__")[0] != code]
    context = {
        "fields": filter_fields(actor, spec),
        "field": code,
        "controls": controls,
        "address": address,
        "kept": kept,
        "filters_url": address.at(reverse("records:filters", args=[spec.code])),
    }
    return render(request, "records/filter_form.html", context, fragment="records/filter_form.html")
