"""What happened to a person, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.journal import Entry, Stream, list_entries
from trassa.people.queries import names_of

_SHOWN = 20
_WORDS: dict[str, str | Promise] = {
    "created": gettext_lazy("Added"),
    "changed": gettext_lazy("Changed: %(what)s"),
    "dismissed": gettext_lazy("Let go"),
    "readmitted": gettext_lazy("Readmitted"),
    "password_set": gettext_lazy("New password"),
    "password_demanded": gettext_lazy("Must choose another password"),
    "password_link_made": gettext_lazy("A link for a new password was made"),
    "sessions_ended": gettext_lazy("Ended other sessions"),
    "roles_assigned": gettext_lazy("Roles: %(before)s → %(after)s"),
    "absence_added": gettext_lazy("Absence entered: %(days)s"),
    "absence_changed": gettext_lazy("Absence changed: %(days)s"),
    "absence_removed": gettext_lazy("Absence removed: %(days)s"),
    "signed_in": gettext_lazy("Signed in"),
    "signed_out": gettext_lazy("Signed out"),
    "channels_chosen": gettext_lazy("Chose how to be told of things"),
    "mailbox_refused": gettext_lazy("Letters were switched off: the mail server does not know the address"),
    "looking_started": gettext_lazy("Began to look at the system as this person"),
    "calendar_address_made": gettext_lazy("Made an address of their calendar"),
    "calendar_address_replaced": gettext_lazy("Made another address of their calendar"),
    "calendar_address_withdrawn": gettext_lazy("Withdrew the address of their calendar"),
    "work_handed_over": gettext_lazy("Work handed over"),
    "hand_over_undone": gettext_lazy("Hand-over taken back"),
    "looking_ended": gettext_lazy("Ended looking as this person"),
}
_FIELDS: dict[str, str | Promise] = {
    "login": gettext_lazy("login"),
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
    "department": gettext_lazy("department"),
    "language": gettext_lazy("language"),
    "theme": gettext_lazy("theme"),
    "is_administrator": gettext_lazy("administrator"),
    "start_page": gettext_lazy("first page"),
    "pinned": gettext_lazy("pinned entries"),
    "home": gettext_lazy("home page"),
    "calendar": gettext_lazy("working calendar"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, who did it ("" is the command line), what."""

    at: datetime
    who: str
    who_id: int | None
    text: str


def person_history(person_id: int) -> Sequence[Happening]:
    """The newest entries of a person first; two queries."""
    entries = list_entries(Stream("person", person_id), limit=_SHOWN)
    names = names_of(entry.actor_id for entry in entries if entry.actor_id is not None)
    return [
        Happening(entry.at, names.get(entry.actor_id or 0, ""), entry.actor_id, _text(entry))
        for entry in entries
    ]


def _text(entry: Entry) -> str:
    words = str(_WORDS.get(entry.kind, entry.kind))
    if entry.kind == "changed":
        return words % {"what": ", ".join(str(_FIELDS.get(key, key)) for key in entry.changes)}
    if entry.kind == "roles_assigned":
        before, after = (
            ", ".join(str(code) for code in side) if isinstance(side, list) and side else _("none")
            for side in entry.changes.get("roles", ([], []))
        )
        return words % {"before": before, "after": after}
    if entry.kind.startswith("absence_"):
        since, until = (entry.changes.get(key, ("", "")) for key in ("since", "until"))
        return words % {"days": f"{since[1] or since[0]} – {until[1] or until[0]}"}
    return words
