"""Fifth phase: titles, made of the type's template, and kept right when a linked title changes."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation

from trassa.people.queries import names_of
from trassa.records.actions.batch import Batch, Item
from trassa.records.models import Anchor
from trassa.records.types import GOING
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, TypeSpec

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: Longer titles are cut: a title is for recognising, not for storing.
MAX_TITLE = 300


@lru_cache(maxsize=512)
def template_parts(template: str) -> tuple[tuple[str, str], ...]:
    """Split "{make} {model}, {year}" into (text before, field code) pairs."""
    pieces = _PLACEHOLDER.split(template)
    return tuple((pieces[index], pieces[index + 1]) for index in range(0, len(pieces) - 1, 2))


def title_fields(spec: TypeSpec) -> list[FieldSpec]:
    """The fields that a type's title is made of."""
    codes = (code for _text, code in template_parts(spec.title_template))
    return [spec.by_code[code] for code in codes if code in spec.by_code]


def set_titles(batch: Batch) -> None:
    """Compose the titles of records whose title fields change; an empty one becomes the number."""
    wanted = [item for item in batch.live if item.write.change not in GOING]
    wanted = [item for item in wanted if item.is_new or needs_title(item)]
    names = load_names(batch, wanted)
    with translation.override(settings.LANGUAGE_CODE):
        for item in wanted:
            item.after["title"] = compose_title(item, names)


def needs_title(item: Item) -> bool:
    fields = title_fields(item.spec)
    return any(item.value(field) != item.value_before(field) for field in fields)


def load_names(batch: Batch, items: Iterable[Item]) -> Names:
    """Names of persons and titles of records that the titles of `items` mention."""
    records: set[int] = set()
    persons: set[int] = set()
    for item in items:
        for field in title_fields(item.spec):
            value = item.value(field)
            if field.kind == "link" and value is not None:
                records.add(value)
            elif field.kind == "person" and value is not None:
                persons.add(value)
    unknown = records - batch.titles.keys()
    if unknown:
        batch.titles |= dict(Anchor.objects.filter(pk__in=unknown).values_list("id", "title"))
    return Names(records=batch.titles, people=names_of(persons))


def compose_title(item: Item, names: Names) -> str:
    """The title of a record that is being written; an empty one becomes the number."""
    title = fill_template(item.spec, item.value, names)
    return title or item.spec.format_number(item.after["number"])


def fill_template(spec: TypeSpec, value_of: Callable[[FieldSpec], Any], names: Names) -> str:
    """Fill the type's template; separators stand only between values that are there."""
    title = ""
    for text, code in template_parts(spec.title_template):
        field = spec.by_code.get(code)
        value = value_of(field) if field else None
        if field is None or value is None:
            continue
        words = field_kinds.get(field.kind).cell(value, field, names)
        title = f"{title}{text}{words}" if title else words
    return title.strip()[:MAX_TITLE]
