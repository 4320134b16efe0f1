"""The home page: the blocks that somebody has, in the order in which they want them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, QueryDict

from trassa.people.models import Person
from trassa.people.queries import places_of
from trassa.people.registries import home_blocks
from trassa.people.screens.places import HIDDEN
from trassa.people.types import PlaceSpec
from trassa.ui import NavGroup, NavItem

_ENTRY = "entry:"


@dataclass(frozen=True, slots=True)
class Home:
    """Blocks in order, those that are put away, and further ones under headings to choose from."""

    shown: Sequence[NavItem]
    hidden: Sequence[NavItem] = ()
    further: Sequence[NavGroup] = ()


def list_blocks(request: HttpRequest, person: Person) -> Sequence[NavItem]:
    """The blocks that a person has on their page."""
    usual = usual_blocks(request)
    wanted = wishes_of(person, usual)
    known = {item.key: item for item in usual}
    if any(key.removeprefix("-") not in known for key in wanted):
        known |= {item.key: item for group in further_blocks(request) for item in group.items}
    return arranged(wanted, usual, known).shown


def home_to_arrange(request: HttpRequest, person: Person) -> Home:
    """The page of a person with everything that they could have on it."""
    usual = usual_blocks(request)
    return with_further(request, usual, wishes_of(person, usual))


def home_of_role(request: HttpRequest, place: PlaceSpec) -> Home:
    """With which blocks the people of a role begin; the request is that of who looks."""
    usual = usual_blocks(request)
    return with_further(request, usual, of_roles([place], [item.key for item in usual]))


def usual_blocks(request: HttpRequest) -> list[NavItem]:
    """The blocks that everybody has who arranges nothing."""
    return [item for source in home_blocks for item in source.usual(request)]


def further_blocks(request: HttpRequest) -> list[NavGroup]:
    """Those that somebody has to choose."""
    return [group for source in home_blocks for group in source.further(request)]


def wishes_of(person: Person, usual: Iterable[NavItem]) -> Sequence[str]:
    """Keys in order, those that are put away with a “-”: as the person has arranged, else as their roles say.

    Of several roles the one that speaks first comes first.
    """
    return person.home or of_roles(places_of(person), [item.key for item in usual])


def of_roles(places: Iterable[PlaceSpec], usual: Iterable[str]) -> list[str]:
    """The arrangement that roles give: what none of them names is put away."""
    named = list(dict.fromkeys(key for place in places for key in place.home))
    return [*named, *(f"-{key}" for key in usual if key not in named)] if named else []


def arranged(wanted: Sequence[str], usual: Iterable[NavItem], known: dict[str, NavItem]) -> Home:
    """What is wanted of what there is; usual blocks of which nothing is said come behind it."""
    away = [key[1:] for key in wanted if key.startswith("-") and key[1:] in known]
    shown = [key for key in wanted if key in known and key not in away]
    others = [item for item in usual if item.key not in {*shown, *away}]
    return Home([*(known[key] for key in shown), *others], [known[key] for key in away])


def with_further(request: HttpRequest, usual: Sequence[NavItem], wanted: Sequence[str]) -> Home:
    """The same with what else could be chosen."""
    groups = further_blocks(request)
    known = {item.key: item for item in usual}
    known |= {item.key: item for group in groups for item in group.items}
    home = arranged(wanted, usual, known)
    taken = {item.key for item in (*home.shown, *home.hidden)}
    return replace(home, further=list(without(groups, taken)))


def without(groups: Iterable[NavGroup], taken: set[str]) -> Iterator[NavGroup]:
    """Groups of what is still to be had."""
    for group in groups:
        if items := [item for item in group.items if item.key not in taken]:
            yield replace(group, items=items)


def read_rows(asked: QueryDict, name: str) -> tuple[Sequence[str], Sequence[str]]:
    """The keys of what is shown and of what is hidden, from rows as they were moved."""
    rows = asked.getlist(name)
    place = rows.index(HIDDEN) if HIDDEN in rows else len(rows)
    shown, hidden = (
        [row.removeprefix(_ENTRY) for row in part if row.startswith(_ENTRY)]
        for part in (rows[:place], rows[place:])
    )
    return shown, hidden


def read_home(request: HttpRequest) -> tuple[str, ...]:
    """The home page of a role as the editor sent it; what everybody has is as good as nothing said."""
    shown, _hidden = read_rows(request.POST, "block")
    return () if shown == [item.key for item in usual_blocks(request)] else tuple(shown)
