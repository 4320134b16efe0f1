"""Views that roles work with keep their fields: taking one away is refused and names them.

A person's own view tells what it misses instead, so that nobody's habit holds up the administrator.
See docs/decisions/0026-views.md.
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from trassa.expressions import from_json, paths_in
from trassa.records.models import SavedView
from trassa.schema.queries import generation_before
from trassa.schema.types import Generation


def list_broken(generation: Generation) -> Sequence[str]:
    """Shared views that would lose a field which is there now; those of a type go with it."""
    gone = field_ids(generation_before()) - field_ids(generation)
    if not gone:
        return []
    shared = SavedView.objects.filter(
        removed_at=None, shares__isnull=False, type_id__in=generation.types_by_id
    )
    rows = shared.distinct().order_by("id")
    return [_("view “%s”") % row.name for row in rows if not gone.isdisjoint(ids_in(row))]


def field_ids(generation: Generation) -> set[int]:
    return {field.id for spec in generation for field in spec.fields}


def ids_in(row: SavedView) -> Iterator[int]:
    """The fields that a view names: in its order, filters, columns and expression."""
    places = [row.order, row.group, row.day, *row.lines, *row.columns]
    yield from (place["field"] for place in places if place and "field" in place)
    for path in paths_in(from_json(row.where)) if row.where else ():
        yield from (int(key[2:]) for key in path if key[:2] in ("f_", "b_"))
