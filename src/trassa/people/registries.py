"""What other rooms may say about their pages to this one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

from trassa.journal import Json
from trassa.kernel import Registry
from trassa.ui import NavGroup, NavItem

View = TypeVar("View", bound=Callable[..., Any])


def open_to_everybody(view: View) -> View:
    """Mark a view that needs no sign-in. Every other page requires it."""
    view.open_to_everybody = True  # type: ignore[attr-defined]
    return view


def is_open_to_everybody(view: Callable[..., Any]) -> bool:
    """Whether the view was marked with `open_to_everybody`."""
    return bool(getattr(view, "open_to_everybody", False))


def open_to_onlookers(view: View) -> View:
    """Mark a view that changes nothing although it is posted to: those who look as somebody may use it."""
    view.open_to_onlookers = True  # type: ignore[attr-defined]
    return view


def is_open_to_onlookers(view: Callable[..., Any]) -> bool:
    """Whether the view was marked with `open_to_onlookers`."""
    return bool(getattr(view, "open_to_onlookers", False))


def open_while_password_is_due(view: View) -> View:
    """Mark a view that people reach who must choose another password first; all others wait."""
    view.open_while_password_is_due = True  # type: ignore[attr-defined]
    return view


def is_open_while_password_is_due(view: Callable[..., Any]) -> bool:
    """Whether the view was marked with `open_while_password_is_due`."""
    return bool(getattr(view, "open_while_password_is_due", False))


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Work of somebody that would be left without a person: “Deals”, 12, where to see them."""

    label: str | Promise
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class OpeningNumber:
    """A number of another room that most requests ask for first: it comes with the person who asks.

    `sql` is a scalar without parameters; `take` is told its value when a person has been recognised.
    """

    sql: str
    take: Callable[[int], None]


opening_numbers: Registry[OpeningNumber] = Registry(
    "people.opening_numbers",
    description="Numbers that are read in the statement that every request begins with.",
)

OpenWorkSource = Callable[[int], Sequence[OpenWork]]

open_work: Registry[OpenWorkSource] = Registry(
    "people.open_work",
    description="What a person (by id) still works on: asked before somebody is dismissed.",
)

PersonWarnings = Callable[[int], Sequence[str]]

person_warnings: Registry[PersonWarnings] = Registry(
    "people.person_warnings",
    description="What an administrator should know of a person (by id): shown above their page.",
)


@dataclass(frozen=True, slots=True)
class WorkPart:
    """Work of one kind that a person has: “Sales”, 12 open deals; `key` names it within its source."""

    key: str
    label: str | Promise
    count: int
    url: str = ""
    #: Handed over unless somebody chooses otherwise.
    is_usual: bool = True
    #: Code of the type of record by whose conditions a share of it can be chosen, "" where none can.
    type: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A part of somebody's work, of it what the condition `where` finds, for people by their shares."""

    part: str
    #: Person id → share, a whole number.
    shares: Mapping[int, int]
    where: str = ""


#: Takes how much more is done.
Report = Callable[[int], None]


def unreported(count: int) -> None:
    """Little is done at once, and nobody looks on."""


@dataclass(frozen=True, slots=True)
class HandoverOrder:
    """Work of `person_id` that goes to others, first things first; `actor_id` does it with their rights.

    Of a part what one assignment has taken is not there for the next. `id` is that of the hand-over; it
    stands in what history tells as its cause.
    """

    id: int
    person_id: int
    actor_id: int | None
    assignments: Sequence[Assignment]
    #: Sources say by it how far they are, counted as their parts are.
    report: Report = unreported


#: Of what stays so much is named for each reason.
NAMED = 5


@dataclass(frozen=True, slots=True)
class LeftWork:
    """Work that stays where it is, and why; `names` are some of it."""

    part: str
    reason: str
    count: int
    names: Sequence[str] = ()

    @classmethod
    def of(cls, part: str, reason: str, titles: Sequence[str]) -> "LeftWork":
        """What stays for one reason; titles that the person may not know are ""."""
        return cls(part, reason, len(titles), [title for title in titles if title][:NAMED])


@dataclass(frozen=True, slots=True)
class HandedWork:
    """How much of each part went to whom, what stayed, and what undoing needs to know."""

    given: Mapping[str, Mapping[int, int]]
    left: Sequence[LeftWork] = ()
    memo: Json = None


@dataclass(frozen=True, slots=True)
class HandoverSource:
    """One kind of work that people have and others can take over.

    `count(person, actor)` tells its parts as far as the actor may see them. `move(order)` hands over, inside
    the caller's transaction; what is refused stays, and is told and not raised. A trial is moved, and taken
    back with its transaction. `undo(order, memo)` gives back what nobody has changed since, and tells the
    rest.
    """

    count: Callable[[int, int | None], Sequence[WorkPart]]
    move: Callable[[HandoverOrder], HandedWork]
    undo: Callable[[HandoverOrder, Json], HandedWork]


handover_sources: Registry[HandoverSource] = Registry(
    "people.handover_sources",
    description="Work that one person hands over to others, in order of registration.",
)


def nothing_further(request: HttpRequest) -> Sequence[NavGroup]:
    """Most rooms have only blocks that everybody begins with."""
    return ()


@dataclass(frozen=True, slots=True)
class HomeBlocks:
    """Blocks of the home page: each has a key, a name, and the address of what stands in it.

    What is nothing for the person who asks is left out.
    """

    #: Those that people have who, like their roles, say nothing of it.
    usual: Callable[[HttpRequest], Sequence[NavItem]]
    #: Those that people and roles have to choose, under headings.
    further: Callable[[HttpRequest], Sequence[NavGroup]] = nothing_further


home_blocks: Registry[HomeBlocks] = Registry(
    "people.home_blocks",
    description="Blocks of the home page, in order until somebody moves them; each fetches its content.",
)
