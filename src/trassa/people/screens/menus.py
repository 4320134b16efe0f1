"""The navigation as a person has it: pinned entries, the menus of their roles, then everything else.

It only orders, renames and leaves out; what somebody may open is decided by who provides the entries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from trassa.people.models import Person
from trassa.people.queries import places_of
from trassa.people.types import PlaceSpec
from trassa.ui import NavGroup, NavItem


def arrange_for(request: HttpRequest, groups: Sequence[NavGroup]) -> Sequence[NavGroup]:
    """The groups as the signed-in person has them."""
    person = request.user
    if not isinstance(person, Person):
        return groups
    return arrange(groups, places_of(person), person.pinned)


def arrange(
    groups: Sequence[NavGroup], places: Sequence[PlaceSpec], pinned: Sequence[str] = ()
) -> list[NavGroup]:
    """Every entry once: where it is pinned, else in the first menu that names it, else where it was.

    Of several roles the first speaks first. An entry is left out when all of them that arrange a menu hide
    it, and nobody pinned it: roles add up in menus, too.
    """
    left = {item.key: item for group in groups for item in group.items if item.key}
    for place in reversed(places):
        for key, words in place.labels.items():
            if key in left:
                left[key] = replace(left[key], label=in_words(words) or left[key].label)
    named = dict(left)
    found = [NavGroup(_("Pinned"), [left.pop(key) for key in pinned if key in left])]
    for key in hidden_by(places):
        left.pop(key, None)
    for place in places:
        for wanted in place.menu:
            items = [left.pop(key) for key in wanted.entries if key in left]
            found.append(NavGroup(in_words(wanted.label), items))
    for group in groups:
        items = [named.get(item.key, item) for item in group.items if not item.key or item.key in left]
        found.append(replace(group, items=items))
    return joined(found)


def hidden_by(places: Sequence[PlaceSpec]) -> set[str]:
    """What all places that arrange a menu leave out."""
    hidden = [set(place.hidden) for place in places if place.arranges]
    return set.intersection(*hidden) if hidden else set()


def in_words(words: Mapping[str, str]) -> str:
    """A text by language in the reader's."""
    language = (translation.get_language() or "ru")[:2]
    return words.get(language) or words.get("ru") or words.get("en") or ""


def joined(groups: Sequence[NavGroup]) -> list[NavGroup]:
    """Groups of one name as one; empty ones are left out, those of administration come last."""
    found: dict[tuple[int, str], NavGroup] = {}
    for group in sorted(groups, key=lambda group: group.rank):
        if group.items:
            key = group.rank, str(group.label)
            items: list[NavItem] = [*(found[key].items if key in found else ()), *group.items]
            found[key] = replace(group, items=items)
    return list(found.values())
