"""The list of a type and its parts."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import NotFound
from trassa.records.actions.gathering import MAX_TOGETHER
from trassa.records.queries import COUNT_LIMIT, count_records, list_records, sum_records
from trassa.records.queries.exports import may_export
from trassa.records.queries.known import get_type
from trassa.records.registries import list_tools
from trassa.records.screens import lists
from trassa.records.screens.addresses import Address
from trassa.records.screens.bulk_runs import possible_acts
from trassa.records.screens.columns import column_choices, list_columns, make_heads
from trassa.records.screens.duplicates import has_keys
from trassa.records.screens.filters import filter_controls, filter_fields, people_links
from trassa.records.screens.groups import group_choices, group_of, make_groups
from trassa.records.screens.looks import frame_of
from trassa.records.screens.merges import may_merge
from trassa.records.screens.saved_views import Place, default_address
from trassa.records.screens.totals import limited_words, total_words
from trassa.records.types import Filter
from trassa.records.views.answers import wants_fragment
from trassa.records.views.places import find_place
from trassa.schema.types import TypeSpec
from trassa.ui import read_ids, render, render_in_dialog

PAGE = 80
#: Rows of a compact list.
DENSE_PAGE = 200
MAX_REFRESH = 100
DEFAULT_ORDER = "-id"


@require_safe
def records_list(request: HttpRequest, type: str) -> HttpResponse:
    """The page, or only its table when a filter asks for it; at first the view that opens first here."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(reverse("records:list", args=[spec.code]), request.GET)
    place = Place.of_list(actor, spec, address)
    is_part = wants_fragment(request, "list")
    if not is_part and (first := default_address(place)):
        return HttpResponseRedirect(first)
    is_grouped = group_of(actor, spec, address)
    rows = groups_context(actor, spec, address) if is_grouped else rows_context(actor, spec, address, "")
    part = "records/list_table.html" if is_part else None
    return render(request, "records/list.html", {**rows, **frame(place)}, fragment=part)


def rows_context(actor: Actor, spec: TypeSpec, address: Address, after: str) -> dict[str, Any]:
    """One page of rows with the address of the next one."""
    order = address.order or DEFAULT_ORDER
    query = address.query(actor, spec, default_order=DEFAULT_ORDER)
    columns = list_columns(actor, spec, address)
    codes = [column.code for column in columns]
    limit = DENSE_PAGE if address.arrangement.look == "compact" else PAGE
    query = replace(query, order=order, limit=limit, after=lists.read_cursor(after, order))
    page = list_records(actor, spec, query, fields=codes)
    return {
        "lines": lists.make_lines(actor, spec, codes, page.items),
        "heads": make_heads(actor, spec, columns, address),
        "acts": possible_acts(actor, spec),
        "more": lists.more_url(page, address, order, reverse("records:rows", args=[spec.code])),
        "groups_url": "",
    }


def groups_context(actor: Actor, spec: TypeSpec, address: Address) -> dict[str, Any]:
    """The heads of a list whose groups arrive after it."""
    return {
        "lines": [],
        "heads": make_heads(actor, spec, list_columns(actor, spec, address), address),
        "acts": possible_acts(actor, spec),
        "more": "",
        "groups_url": address.at(reverse("records:groups", args=[spec.code])),
    }


def frame(place: Place) -> dict[str, Any]:
    """What surrounds the table."""
    actor, spec, pipeline, address = place.actor, place.spec, place.pipeline, place.address
    creatable = actor.may_create(spec, pipeline)
    create = reverse("records:create", args=[spec.code])
    return {
        **frame_of(place),
        "totals_url": address.at(reverse("records:list_totals", args=[spec.code])),
        "changes_url": address.at(reverse("records:list_changes", args=[spec.code])),
        "columns_url": place.at("records:columns"),
        "groupings": group_choices(actor, spec, address),
        "export_url": reverse("records:ask_export", args=[spec.code]) if may_export(actor, spec) else "",
        "tools": [item for tool in list_tools if (item := tool(actor, spec)) is not None],
        "merge_url": reverse("records:merge", args=[spec.code]) if may_merge(actor, spec) else "",
        "most_merged": MAX_TOGETHER,
        "suspects_url": reverse("records:suspects", args=[spec.code]) if has_keys(actor, spec) else "",
        "create_url": (f"{create}?pipeline={pipeline.code}" if pipeline else create) if creatable else "",
    }


@require_safe
def rows(request: HttpRequest, type: str) -> HttpResponse:
    """The next rows."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(reverse("records:list", args=[spec.code]), request.GET)
    context = rows_context(actor, spec, address, request.GET.get("after", ""))
    return render(request, "records/list_rows.html", context, fragment="records/list_rows.html")


@require_safe
def groups(request: HttpRequest, type: str) -> HttpResponse:
    """The groups of a list, with counts and sums; the rows of each are fetched when it opens."""
    place = find_place(request, type)
    if not group_of(place.actor, place.spec, place.address):
        raise NotFound(_("Records cannot be grouped by this."))
    columns = list_columns(place.actor, place.spec, place.address)
    context = {
        "groups": make_groups(place.actor, place.spec, place.address),
        "width": len(columns) + bool(possible_acts(place.actor, place.spec)),
        "bare_url": place.bare_address.url,
    }
    return render(request, "records/list_groups.html", context, fragment="records/list_groups.html")


@require_safe
def list_changes(request: HttpRequest, type: str) -> HttpResponse:
    """Fresh rows of `?ids=`; those that no longer belong in this list are absent."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    address = Address.of(request.path, request.GET)
    ids = read_ids(request.GET.get("ids", "").split(","))[:MAX_REFRESH]
    columns = list_columns(actor, spec, address)
    codes = [column.code for column in columns]
    found: list[lists.Line] = []
    if ids:
        query = address.sorted_by("").query(actor, spec, extra=(Filter("id", "in", ",".join(map(str, ids))),))
        page = list_records(actor, spec, query, fields=codes)
        found = lists.make_lines(actor, spec, codes, page.items)
    heads = make_heads(actor, spec, columns, address)
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
    """Whose records can be shown: the menu behind the owner switch."""
    context = {"people": people_links(find_place(request, type).address)}
    return render(request, "records/people_menu.html", context, fragment="records/people_menu.html")


@require_safe
def columns(request: HttpRequest, type: str) -> HttpResponse:
    """The dialog that chooses and orders columns."""
    place = find_place(request, type)
    address = place.address
    context = {
        "choices": column_choices(place.actor, place.spec, address),
        "kept": address.arranged(columns=()).parameters,
        "path": address.path,
        "usual_url": address.arranged(columns=()).url,
    }
    return render_in_dialog(request, "records/columns_dialog.html", context)


@require_safe
def filters(request: HttpRequest, type: str) -> HttpResponse:
    """The form behind "+ Filter": which field, and with `?field=` its condition."""
    place = find_place(request, type, "field")
    code = request.GET.get("field", "")
    address = place.address
    controls = filter_controls(place.actor, place.spec, code, address) if code else []
    if code and not controls:
        raise NotFound("There is no such field.")
    context = {
        "fields": filter_fields(place.actor, place.spec),
        "field": code,
        "controls": controls,
        "address": address,
        "kept": [pair for pair in address.parameters if pair[0].partition("__")[0] != code],
        "filters_url": place.at("records:filters"),
    }
    return render(request, "records/filter_form.html", context, fragment="records/filter_form.html")
