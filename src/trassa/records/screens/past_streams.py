"""The timeline of a card of the past: what had happened and what had been said by then, for reading only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.html import urlize
from django.utils.translation import gettext as _
from markupsafe import Markup

from trassa.access.queries import Actor
from trassa.records.queries.names import NamesWanted
from trassa.records.queries.past_streams import PastEntry, stream_as_of
from trassa.records.screens.files import FileBox, comment_box
from trassa.records.screens.histories import ChangeLine, make_events, want_names
from trassa.records.types import Record
from trassa.schema.types import Names, TypeSpec
from trassa.ui import avatar_color, date_exact, date_short, initials


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line: a comment as it stood, or something that happened."""

    who: str
    initials: str
    tone: str
    at: str
    at_exact: str
    headline: str = ""
    changes: Sequence[ChangeLine] = ()
    #: Escaped text of a comment, with links; None where nothing was said.
    html: Markup | None = None
    edited: str = ""
    files: FileBox | None = None
    #: Names of files that have been removed since.
    removed: Sequence[str] = ()


def make_stream(actor: Actor, spec: TypeSpec, record: Record, moment: datetime) -> list[PastLine]:
    """The timeline as of a moment, newest first."""
    found = stream_as_of(actor, spec, record.id, moment)
    wanted = NamesWanted()
    want_names(spec, [each.entry for each in found], wanted)
    names = wanted.read(actor)
    return [line for each in found if (line := make_line(spec, each, names)) is not None]


def make_line(spec: TypeSpec, past: PastEntry, names: Names) -> PastLine | None:
    """None for an entry that says nothing to this reader."""
    entry = past.entry
    who = names.people.get(entry.actor_id or 0, "")
    line = PastLine(
        who=who,
        initials=initials(who) if who else "",
        tone=f"t{avatar_color(entry.actor_id or 0)}",
        at=date_short(entry.at),
        at_exact=date_exact(entry.at),
    )
    if past.is_deleted_since:
        return replace(line, headline=_("A comment that was deleted later"))
    if past.comment is not None:
        return replace(
            line,
            html=Markup(urlize(past.comment.text, nofollow=True, autoescape=True)),
            edited=date_exact(past.comment.edited_at),
            files=comment_box(past.files) if past.files else None,
            removed=[file.name for file in past.removed],
        )
    told = make_events(spec, [entry], names)
    return replace(line, headline=told[0].headline, changes=told[0].changes) if told else None
