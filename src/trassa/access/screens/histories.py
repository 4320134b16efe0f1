"""What happened to a role, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from trassa.access.actions.grants import grants_of_json
from trassa.access.screens.matrix import Change, list_changes
from trassa.journal import Entry, Stream, list_entries
from trassa.people.queries import names_of
from trassa.schema.queries import current_generation

_SHOWN = 20
_WORDS: dict[str, str | Promise] = {
    "created": gettext_lazy("Role created"),
    "changed": gettext_lazy("Renamed"),
    "grants_set": gettext_lazy("Rights changed"),
    "place_saved": gettext_lazy("Menu or first page changed"),
    "retired": gettext_lazy("Taken out of use"),
    "restored": gettext_lazy("Brought back"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, who did it ("" is a pack or the command line), what, and the cells that changed."""

    at: datetime
    who: str
    who_id: int | None
    text: str
    changes: Sequence[Change]


def role_history(role_id: int) -> Sequence[Happening]:
    """The newest entries of a role first; two queries."""
    entries = list_entries(Stream("role", role_id), limit=_SHOWN)
    names = names_of(entry.actor_id for entry in entries if entry.actor_id is not None)
    return [
        Happening(
            entry.at,
            names.get(entry.actor_id or 0, ""),
            entry.actor_id,
            str(_WORDS.get(entry.kind, entry.kind)),
            _changes(entry),
        )
        for entry in entries
    ]


def _changes(entry: Entry) -> list[Change]:
    """The cells as they are called today; places that are gone are left out."""
    if "grants" not in entry.changes:
        return []
    before, after = (grants_of_json(side or []) for side in entry.changes["grants"])
    return list_changes(before, after, current_generation())
