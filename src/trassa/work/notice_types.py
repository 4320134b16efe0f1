"""Notices as those who tell people, and those who read, see them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import ngettext

from trassa.access.types import ActingPerson


@dataclass(frozen=True, slots=True)
class NewNotice:
    """One person is to be told of one thing.

    `key` names what happened: a person is told of one key once, however often it is said. Nobody is told of
    what they did themselves (`who_id`).
    """

    person_id: int
    #: A code of `notice_kinds`.
    kind: str
    key: str
    #: The record that it is about; whoever does not see the record is not shown the notice.
    record_id: int | None = None
    #: Who did it; None for the system.
    who_id: int | None = None
    #: What its words are made of: plain JSON, no values of fields. `instead_of`: for whom somebody stands in.
    data: Mapping[str, Any] = field(default_factory=dict)
    #: Not as one of many who hold a role or belong to a department: nobody stands in for those.
    is_personal: bool = True


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What the words of a notice are made of, as it stands when it is read."""

    data: Mapping[str, Any]
    #: Name of who did it; "" for the system.
    who: str = ""
    #: Title of the record; "" without one.
    title: str = ""
    #: Address of the record's card; "" without one.
    card: str = ""


def address_of_card(facts: NoticeFacts) -> str:
    """Most notices lead to their record."""
    return facts.card


def nothing_quoted(data: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """Most notices quote nothing."""
    return [""] * len(data)


#: The channels by which people are told: on the screen, by letter, by a message of the browser.
APP, EMAIL, PUSH = "app", "email", "push"
#: What kinds usually use that are not worth a letter, and those that are.
QUIETLY = frozenset((APP,))
LOUDLY = frozenset((APP, EMAIL, PUSH))


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of thing that people are told of."""

    #: Names the kind in settings: “A record became yours”.
    label: str | Promise
    icon: str
    #: What happened, in a few words of the reader's language.
    text: Callable[[NoticeFacts], str]
    #: Where it leads; "" when nowhere.
    address: Callable[[NoticeFacts], str] = address_of_card
    #: Longer texts, such as a comment, read for many at once as they stand now; "" where there is none.
    quotes: Callable[[Sequence[Mapping[str, Any]]], Sequence[str]] = nothing_quoted
    #: How people are told who have not chosen otherwise.
    channels: frozenset[str] = QUIETLY
    #: Nobody chooses how they are told of it.
    fixed: bool = False
    #: Whoever stands in for an absent person is told as well.
    passed_on: bool = False
    #: Many at once are told as one, with their `count` in its data.
    folds: bool = False


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice ready to be shown to its person."""

    id: int
    kind: str
    label: str
    icon: str
    text: str
    quote: str
    #: Where it leads; "" when nowhere.
    url: str
    record_id: int | None
    #: Code and name of the record's type; "" without a record.
    type: str
    type_label: str
    title: str
    who_id: int | None
    who: str
    created_at: datetime
    read_at: datetime | None


class Addressee(ActingPerson, Protocol):
    """Who is told: what channels need to know of a row of `people.Person`."""

    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a channel is to send: notices of one person, put into words in the person's language."""

    #: Stays the same however often it is tried.
    key: str
    person: Addressee
    lines: Sequence[NoticeLine]
    #: How many further ones it has no room for.
    more: int = 0

    @property
    def count(self) -> int:
        """How many notices it tells."""
        return len(self.lines) + self.more

    @property
    def how_many(self) -> str:
        """“3 notifications”, in the language that is set."""
        words = ngettext("%(count)s notification", "%(count)s notifications", self.count)
        return words % {"count": self.count}


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to tell people past the screen."""

    label: str | Promise
    icon: str
    #: Sends, outside of a transaction. Raises Invalid when it never will, Unavailable when it may later.
    send: Callable[[Parcel], None]
    #: Whether this installation has it at all.
    is_there: Callable[[], bool]
    #: Where a person is reached, by what their deliveries have in their keys; none when nowhere.
    targets: Callable[[int], Sequence[str]]
    #: Whether it gathers notices into digests for those who want that.
    gathers: bool = False
