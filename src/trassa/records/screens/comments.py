"""Comments as a reader sees them: names in place of logins, quotes, reactions, and who watches the record."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from django.utils.html import escape, urlize
from django.utils.translation import gettext as _
from markupsafe import Markup

from trassa.records.models import Reaction
from trassa.records.queries.comments import CommentLine, Quote
from trassa.records.screens.files import FileBox, comment_box
from trassa.ui import date_exact

#: Longer quotes are cut: a quote is for recognising what is answered.
MAX_QUOTE = 120
_ICONS = {
    Reaction.Kind.AGREE: "thumb-up",
    Reaction.Kind.DISAGREE: "thumb-down",
    Reaction.Kind.DONE: "circle-check",
    Reaction.Kind.LOOKING: "eye",
    Reaction.Kind.THANKS: "heart",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a timeline: what they wrote is theirs to change, moderators delete what others wrote."""

    id: int | None = None
    moderates: bool = False


#: Nothing is theirs.
NOBODY = Reader()


@dataclass(frozen=True, slots=True)
class ReactionView:
    """One reaction of the set, with who chose it; `own` says that the reader did."""

    code: str
    label: str
    icon: str
    count: int
    names: str
    own: bool


@dataclass(frozen=True, slots=True)
class QuoteView:
    """What a comment answers: `text` is "" of one that is gone."""

    id: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment in the timeline. `html` is its escaped text with links and names."""

    id: int
    html: Markup
    edited: str
    pinned: bool
    may_edit: bool
    may_delete: bool
    who: str
    #: The comment with which its conversation begins: itself, where it answers nothing.
    thread: int
    #: How many answers there are in the conversation that begins here.
    answers: int
    quote: QuoteView | None
    #: All of the set, those that nobody chose too.
    reactions: Sequence[ReactionView]
    files: FileBox | None = None


@dataclass(frozen=True, slots=True)
class WatchView:
    """Whether the reader hears what is said about a record, and who does."""

    watching: bool
    count: int
    names: str


def view_comment(line: CommentLine, reader: Reader, people: Mapping[int, str]) -> CommentView:
    """A comment as this reader sees it; `people` are names by ids."""
    own = line.author_id == reader.id
    return CommentView(
        id=line.id,
        html=words_of(line, reader, people),
        edited=date_exact(line.edited_at),
        pinned=line.pinned_at is not None,
        may_edit=own,
        may_delete=own or reader.moderates,
        who=people.get(line.author_id or 0, ""),
        thread=line.thread_id or line.id,
        answers=line.answers,
        quote=view_quote(line.answers_id, line.quote, people),
        reactions=view_reactions(line, reader, people),
        files=comment_box(line.files) if line.files else None,
    )


def words_of(line: CommentLine, reader: Reader, people: Mapping[int, str]) -> Markup:
    """The text with links, and with names where it names somebody by login."""
    if not line.mentions:
        return Markup(urlize(line.text, nofollow=True, autoescape=True))
    logins = sorted(line.mentions, key=len, reverse=True)
    named = re.compile(rf"(?<![\w.@+-])@({'|'.join(map(re.escape, logins))})(?!\w)")
    parts = []
    for place, part in enumerate(named.split(line.text)):
        if place % 2 == 0:
            parts.append(urlize(part, nofollow=True, autoescape=True))
            continue
        person = line.mentions[part]
        own = " me" if person == reader.id else ""
        name = escape(people.get(person, part))
        parts.append(f'<span class="mention{own}" title="@{escape(part)}">@{name}</span>')
    return Markup("".join(parts))


def excerpt_of(text: str) -> str:
    """The beginning of a text in one line."""
    words = " ".join(text.split())
    return words if len(words) <= MAX_QUOTE else f"{words[:MAX_QUOTE]}…"


def view_quote(answers_id: int | None, quote: Quote | None, people: Mapping[int, str]) -> QuoteView | None:
    """What is answered; None where nothing is."""
    if answers_id is None or quote is None:
        return None
    if quote.is_gone:
        return QuoteView(answers_id, "", "")
    return QuoteView(
        answers_id, people.get(quote.author_id or 0, _("Trassa")), excerpt_of(quote.text) or _("Files")
    )


def view_reactions(line: CommentLine, reader: Reader, people: Mapping[int, str]) -> list[ReactionView]:
    """The whole set, with how many chose each."""
    found = []
    for kind in Reaction.Kind:
        ids = line.reactions.get(kind.value, ())
        names = ", ".join(people.get(id, "") for id in ids)
        own = reader.id is not None and reader.id in ids
        found.append(ReactionView(kind.value, str(kind.label), _ICONS[kind], len(ids), names, own))
    return found


def view_watchers(listeners: Set[int], reader: Reader, people: Mapping[int, str]) -> WatchView:
    """Who hears what is said about the record; `people` are names by ids."""
    names = sorted(people[id] for id in listeners if id in people)
    return WatchView(reader.id in listeners, len(names), ", ".join(names))
