"""What this room puts into the shell: places to go to, things to create, addresses."""

from collections.abc import Mapping, Sequence, Set
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.access.queries import actor_of_request
from trassa.people.registries import HandoverSource, HomeBlocks, handover_sources, home_blocks, open_work
from trassa.records.actions.checklists import move_ticks, move_ticks_back
from trassa.records.actions.comments import move_comments, move_comments_back
from trassa.records.actions.handing_watches import count_watched, move_watched, return_watched
from trassa.records.actions.handovers import move_records, undo_records
from trassa.records.actions.watching import move_watches, move_watches_back
from trassa.records.palette import find_records, list_pages
from trassa.records.queries.audience import count_watches
from trassa.records.queries.bins import uses_bin
from trassa.records.queries.checklists import count_ticks
from trassa.records.queries.comments import count_comments
from trassa.records.queries.known import list_pipelines, list_types
from trassa.records.queries.overdue import COUNT_LIMIT, OVERDUE, count_overdue, has_deadlines
from trassa.records.queries.used_views import list_broken
from trassa.records.queries.workloads import count_work, open_records_of
from trassa.records.registries import RecordReference, card_tools, record_references
from trassa.records.screens.creation import creation_places
from trassa.records.screens.home_lists import further_blocks
from trassa.records.screens.homes import usual_blocks
from trassa.records.screens.whys import ask_why
from trassa.schema.registries import dependants
from trassa.schema.types import TypeSpec
from trassa.ui import (
    Count,
    NavGroup,
    NavItem,
    address_of,
    commands,
    counters,
    create_menu,
    finders,
    navigation,
    shell_addresses,
)


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """Pipelines, and types without pipelines, under the menu groups of their types."""
    actor = actor_of_request(request)
    groups: dict[str, list[NavItem]] = {}
    for spec in list_types(actor):
        items = groups.setdefault(str(spec.menu), [])
        for pipeline in list_pipelines(actor, spec):
            here = is_here(request, spec.code, pipeline.code)
            board = address_of("records:board", pipeline.code)
            items.append(
                NavItem(str(pipeline.label), board, spec.icon, active=here, key=f"board.{pipeline.code}")
            )
        if has_deadlines(spec):
            items.append(overdue_place(request, spec))
        if not spec.pipelines:
            url = address_of("records:list", spec.code)
            here = request.path.startswith(url) and not in_bin(request)
            items.append(NavItem(str(spec.plural), url, spec.icon, active=here, key=f"list.{spec.code}"))
    return [NavGroup(label, items) for label, items in groups.items()]


def list_bins(request: HttpRequest) -> Sequence[NavGroup]:
    """The bin, at the end, for whoever may take anything out of it."""
    actor = actor_of_request(request)
    if not any(uses_bin(actor, spec) for spec in list_types(actor)):
        return []
    url = address_of("records:bins")
    item = NavItem(_("Bin"), url, "trash", active=in_bin(request), key="bin")
    return [NavGroup("", [item], is_last=True)]


def in_bin(request: HttpRequest) -> bool:
    """Whether the page is the bin of some type."""
    match = request.resolver_match
    return match is not None and match.view_name == "records:type_bin"


def overdue_place(request: HttpRequest, spec: TypeSpec) -> NavItem:
    """The list of what is overdue."""
    url = f"{address_of('records:list', spec.code)}?{urlencode({'where': OVERDUE, 'order': 'stage_due_at'})}"
    return NavItem(
        _("Overdue"),
        url,
        spec.icon,
        active=request.GET.get("where") == OVERDUE and request.path == address_of("records:list", spec.code),
        counter=overdue_key(spec),
        key=overdue_key(spec),
    )


def overdue_key(spec: TypeSpec) -> str:
    """Names the place and its counter."""
    return f"overdue.{spec.code}"


def count_places(request: HttpRequest, keys: Set[str]) -> Mapping[str, Count]:
    """How much is overdue of each type that is asked for; one query for all."""
    actor = actor_of_request(request)
    wanted = {key: spec for spec in list_types(actor) if (key := overdue_key(spec)) in keys}
    counts = count_overdue(actor, list(wanted.values()))
    return {
        key: Count.up_to(COUNT_LIMIT, counts[spec.id], hot=bool(counts[spec.id]))
        for key, spec in wanted.items()
    }


def is_here(request: HttpRequest, type: str, pipeline: str) -> bool:
    """Whether the page is this pipeline's board or its list."""
    if request.path.startswith(address_of("records:board", pipeline)):
        return True
    in_list = request.path.startswith(address_of("records:list", type))
    return in_list and request.GET.get("pipeline") == pipeline


def list_administration(request: HttpRequest) -> Sequence[NavGroup]:
    """Layouts of cards, and the page that explains rights, for administrators."""
    if not actor_of_request(request).everything:
        return []
    url, layouts = address_of("records:why"), address_of("records:all_card_layouts")
    here = request.path.startswith(layouts)
    items = [
        NavItem(_("Card layouts"), layouts, "id", active=here, key="card_layouts"),
        NavItem(_("Why can or can't"), url, "question-mark", active=request.path == url, key="why"),
    ]
    return [NavGroup(_("Administration"), items, is_last=True)]


def list_creatable(request: HttpRequest) -> Sequence[NavItem]:
    """What the "Create" button offers to this person."""
    actor = actor_of_request(request)
    items = []
    for spec, pipeline in creation_places(actor):
        url = address_of("records:create", spec.code)
        label = str(spec.label)
        if pipeline is not None:
            url += f"?pipeline={pipeline.code}"
            if len(spec.pipelines) > 1:
                label = _("%(type)s: %(pipeline)s") % {"type": label, "pipeline": pipeline.label}
        place = pipeline.code if pipeline else ""
        items.append(NavItem(label, url, spec.icon, dialog=True, key=f"create.{spec.code}.{place}"))
    return items


def register() -> None:
    """Called once, when Django is ready."""
    navigation.register("records", list_places)
    counters.register("records", count_places)
    navigation.register("records.bins", list_bins)
    open_work.register("records", open_records_of)
    dependants.register("records.views", list_broken)
    home_blocks.register("records", HomeBlocks(usual_blocks, further_blocks))
    handover_sources.register("records", HandoverSource(count_work, move_records, undo_records))
    handover_sources.register("watches", HandoverSource(count_watched, move_watched, return_watched))
    navigation.register("records.why", list_administration)
    card_tools.register("records.why", ask_why)
    record_references.register(
        "records.comments", RecordReference(move_comments, move_comments_back, count_comments)
    )
    record_references.register(
        "records.watches", RecordReference(move_watches, move_watches_back, count_watches)
    )
    record_references.register(
        "records.checklists", RecordReference(move_ticks, move_ticks_back, count_ticks)
    )
    create_menu.register("records", list_creatable)
    commands.register("records", list_pages)
    finders.register("records", find_records)
    shell_addresses.register("home", lambda request: address_of("records:home"))
    shell_addresses.register("search", lambda request: address_of("records:answers"))
    shell_addresses.register("search_page", lambda request: address_of("records:search"))
    shell_addresses.register("tickets", lambda request: address_of("records:ticket"))
    shell_addresses.register("events", lambda request: "/events")
