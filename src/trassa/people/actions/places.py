"""Places of roles, and what people choose for themselves."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trassa.journal import Json
from trassa.kernel import FieldError, Invalid
from trassa.people.actions.rights import bump_rights_revision
from trassa.people.codes import check_code
from trassa.people.history import differences, write_entry
from trassa.people.models import Person, Place, Role
from trassa.people.queries import place_of_role, require_administrator
from trassa.people.types import NO_CAUSE, Cause, MenuGroup, PlaceSpec

#: Parts with dots between them: “board.sales”, “choice.contract.status.draft”.
_KEY = re.compile(r"[a-z][a-z0-9_]{0,48}(\.[a-z0-9][a-z0-9_]{0,48}){0,3}")
#: An address of this installation: nothing that a browser takes for another host.
_ADDRESS = re.compile(r"/([^/\\\s]\S*)?")
_START_AT_MOST = 500
_PINNED_AT_MOST = 30
_BLOCKS_AT_MOST = 30


@transaction.atomic
def save_place(role: Role, place: PlaceSpec, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Make this the place of a role. Everybody who holds it sees it with their next page."""
    require_administrator(actor_id)
    _check(place)
    Role.objects.select_for_update().get(id=role.id)
    changes = differences(_state(place_of_role(role.id)), _state(place))
    if not changes:
        return
    Place.objects.update_or_create(
        role=role,
        defaults={
            "start": place.start,
            "menu": [_stored(group) for group in place.menu],
            "hidden": list(place.hidden),
            "labels": {key: dict(words) for key, words in place.labels.items()},
            "position": place.position,
            "home": list(place.home),
        },
    )
    # What processes remember of places they keep under the rights revision.
    bump_rights_revision()
    write_entry("place_saved", ("role", role.id), changes, actor_id=actor_id, cause=cause)


@transaction.atomic
def change_own_place(
    person: Person,
    *,
    actor_id: int,
    start_page: str | None = None,
    pinned: Iterable[str] | None = None,
    cause: Cause = NO_CAUSE,
) -> None:
    """Choose one's own first page and what stands first in one's menu; None leaves it as it is."""
    if actor_id != person.id:
        require_administrator(actor_id)
    row = Person.objects.select_for_update().get(id=person.id)
    before = {"start_page": row.start_page, "pinned": row.pinned}
    if start_page is not None:
        row.start_page = _checked_start(start_page)
    if pinned is not None:
        row.pinned = _checked_keys(pinned)[:_PINNED_AT_MOST]
    changes = differences(before, {"start_page": row.start_page, "pinned": row.pinned})
    if changes:
        row.save(update_fields=["start_page", "pinned"])
        write_entry("changed", ("person", row.id), changes, actor_id=actor_id, cause=cause)


@transaction.atomic
def arrange_own_home(
    person: Person, *, actor_id: int, shown: Iterable[str], hidden: Iterable[str], cause: Cause = NO_CAUSE
) -> None:
    """Put the blocks of one's home page into this order, without the hidden ones."""
    if actor_id != person.id:
        require_administrator(actor_id)
    row = Person.objects.select_for_update().get(id=person.id)
    away = _checked_keys(hidden)
    kept = [key for key in _checked_keys(shown) if key not in away][:_BLOCKS_AT_MOST]
    wanted = [*kept, *(f"-{key}" for key in away)]
    changes = differences({"home": list[Json](row.home)}, {"home": list[Json](wanted)})
    if changes:
        row.home = wanted
        row.save(update_fields=["home"])
        write_entry("changed", ("person", row.id), changes, actor_id=actor_id, cause=cause)


def _check(place: PlaceSpec) -> None:
    """Raise Invalid when a place names what cannot be a place to go to, or anything twice."""
    _checked_start(place.start)
    seen: set[str] = set()
    for group in place.menu:
        check_code(group.code)
        if group.code in seen:
            _refuse("menu", "twice", _("Two groups of the menu have the same code."))
        seen.add(group.code)
    if len(place.home) > _BLOCKS_AT_MOST:
        _refuse("home", "too_many", _("A home page has at most %s blocks.") % _BLOCKS_AT_MOST)
    entries = [key for group in place.menu for key in group.entries]
    if len(set(entries)) < len(entries):
        _refuse("menu", "twice", _("An entry stands in the menu once."))
    _checked_keys([*entries, *place.hidden, *place.labels, *place.home])


def _checked_start(text: str) -> str:
    start = text.strip()
    if len(start) > _START_AT_MOST or (start and not _KEY.fullmatch(start) and not _ADDRESS.fullmatch(start)):
        _refuse(
            "start",
            "invalid",
            _("The first page is an entry of the menu or an address that begins with “/”."),
        )
    return start


def _checked_keys(keys: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(keys))
    if any(not _KEY.fullmatch(key) for key in found):
        _refuse("menu", "invalid", _("There is no such entry of the menu."))
    return found


def _refuse(field: str, code: str, message: str | Promise) -> None:
    raise Invalid(message, code=code, errors=[FieldError(field, code, message)])


def _stored(group: MenuGroup) -> dict[str, Json]:
    return {"code": group.code, "label": dict(group.label), "entries": list(group.entries)}


def _state(place: PlaceSpec) -> dict[str, Json]:
    return {
        "start": place.start,
        "menu": [_stored(group) for group in place.menu],
        "hidden": list(place.hidden),
        "labels": {key: dict(words) for key, words in place.labels.items()},
        "position": place.position,
        "home": list(place.home),
    }
