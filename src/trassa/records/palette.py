"""What this room gives to the command palette: lists behind boards, its pages, and records."""

from collections import defaultdict
from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.access.queries import actor_of_request
from trassa.records.queries import find_hits
from trassa.records.queries.known import list_types
from trassa.records.queries.names import visible_titles
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.ui import Command, address_of, read_id

#: Records shown for a text.
FOUND = 8


def list_pages(request: HttpRequest) -> Sequence[Command]:
    """Lists of types that have boards in the menu, and pages without a place there."""
    group = _("Go to")
    lists = [
        Command(
            f"list.{spec.code}",
            str(spec.plural),
            group,
            address_of("records:list", spec.code),
            spec.icon,
            _("List"),
        )
        for spec in list_types(actor_of_request(request))
        if spec.pipelines
    ]
    pages = [
        Command(key, label, group, address_of(name), icon)
        for key, label, name, icon in (
            ("exports", _("My exports"), "records:exports", "download"),
            ("bulk_runs", _("Changes of many records"), "records:bulk_runs", "checkbox"),
            ("expressions", _("Try an expression"), "records:playground", "math-function"),
            ("usual_start", _("Usual first page"), "records:home", "home"),
        )
    ]
    return [*lists, *pages]


def find_records(request: HttpRequest, text: str, keys: Sequence[str]) -> Sequence[Command]:
    """Records by text; without one those of the keys that this person still sees."""
    actor = actor_of_request(request)
    types = current_generation().types
    if text:
        by_id = current_generation().types_by_id
        hits = find_hits(actor, text, limit=FOUND).hits
        return [_record(by_id[hit.type_id], hit.id, hit.title, hit.number) for hit in hits]
    wanted: dict[int, set[int]] = defaultdict(set)
    for key in keys:
        kind, _dot, rest = key.partition(".")
        code, _dot, number = rest.partition(".")
        if kind == "record" and code in types and (id := read_id(number)) is not None:
            wanted[types[code].id].add(id)
    titles = visible_titles(actor, wanted)
    return [
        _record(spec, id, title) for spec in types.values() for id, title in titles.get(spec.id, {}).items()
    ]


def _record(spec: TypeSpec, id: int, title: str, number: str = "") -> Command:
    return Command(
        key=f"record.{spec.code}.{id}",
        label=title,
        group=_("Found"),
        url=address_of("records:card", spec.code, id),
        icon=spec.icon,
        hint=f"{spec.label} {number}".strip(),
        panel=True,
    )
