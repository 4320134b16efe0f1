"""Roles: what they may do, where they begin and what their menu offers."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from trassa.solutions.format.values import (
    BlockKey,
    Code,
    Entry,
    EntryKey,
    ScopeName,
    StartPage,
    VerbName,
    Words,
)


class GrantEntry(Entry):
    """What a role may do: verbs on a type ("*" = every type), a pipeline, a stage or one field."""

    type: Code | Literal["*"]
    pipeline: Code | None = None
    stage: Code | None = None
    field: Code | None = None
    verbs: Annotated[tuple[VerbName, ...], Field(min_length=1)]
    scope: ScopeName = "all"


class MenuGroupEntry(Entry):
    """Some entries of a menu under a heading."""

    code: Code
    label: Words | None = None
    entries: tuple[EntryKey, ...] = ()


class PlaceEntry(Entry):
    """Where people with a role begin, and their menu. It opens nothing that their rights do not open."""

    start: StartPage = ""
    #: Comes first in the menu; what no group names follows under its own headings.
    menu: tuple[MenuGroupEntry, ...] = ()
    #: Left out of the menu; still reachable by search and links.
    hidden: tuple[EntryKey, ...] = ()
    #: Blocks with which the home page begins, in order; the others are put away. None: all of them.
    home: tuple[BlockKey, ...] = ()
    #: Names that this role has for entries.
    labels: Mapping[EntryKey, Words] = Field(default_factory=dict)
    #: Of several roles that somebody holds, the one with the lower position speaks first.
    position: int = 0


class RoleEntry(Entry):
    """`roles/<code>.yaml`: a role, everything it may do, and its place. Roles add up, nothing denies."""

    code: Code
    label: Words
    place: PlaceEntry = PlaceEntry()
    grants: tuple[GrantEntry, ...] = ()
