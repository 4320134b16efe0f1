"""What rooms put into the shell: navigation, things to create, the account menu, two addresses.

Registered while Django starts. Providers are asked once per full page and may use the request's person.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.functional import Promise

from trassa.kernel import Registry
from trassa.ui.formats import number


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place one can go to, or a thing one can create."""

    label: str | Promise
    url: str
    #: Name of an icon in frontend/icons.json; menus show it, the navigation does not.
    icon: str = ""
    active: bool = False
    #: What `url` answers with is a dialog: it opens over the page.
    dialog: bool = False
    #: Names it whatever its label is: "board.sales". Menus of roles, pins and the palette speak of keys;
    #: what has none stays where its room puts it.
    key: str = ""
    #: A key of `counters`: how much waits there is asked for after the page, together with all the others.
    counter: str = ""

    def link(self, attrs: Mapping[str, str] | None = None) -> dict[str, object]:
        """Arguments for ui.button or ui.menu_item that lead here."""
        if not self.dialog:
            return {"href": self.url, "attrs": dict(attrs or {})}
        return {"attrs": {"hx-get": self.url, "hx-target": "#dialog", **(attrs or {})}}


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Items under a heading; an empty label means none."""

    label: str | Promise
    items: Sequence[NavItem] = field(default_factory=tuple)
    #: Stands below the places of everyday work.
    is_last: bool = False
    #: Stands above everything else.
    is_first: bool = False

    @property
    def rank(self) -> int:
        """Where it stands: 0 at the top, 2 at the end, 1 between."""
        return 0 if self.is_first else 2 if self.is_last else 1


@dataclass(frozen=True, slots=True)
class AccountNote:
    """A template shown in the menu behind the person's avatar; it gets `request`."""

    template: str


@dataclass(frozen=True, slots=True)
class TopItem:
    """A template shown in the top bar, before the person's avatar; it gets `request`."""

    template: str


@dataclass(frozen=True, slots=True)
class Banner:
    """A template shown above every page while `is_shown` says so; it gets `request`."""

    template: str
    is_shown: Callable[[HttpRequest], bool]


@dataclass(frozen=True, slots=True)
class Count:
    """How much waits somewhere."""

    #: "" for nothing.
    text: str = ""
    #: It asks for attention.
    hot: bool = False

    @classmethod
    def up_to(cls, limit: int, count: int, *, hot: bool = False) -> "Count":
        """A count that stops behind a limit: “99+”."""
        return cls(f"{number(limit)}+" if count > limit else number(count) if count else "", hot)


#: Counts those of these keys that it knows.
Counter = Callable[[HttpRequest, Set[str]], Mapping[str, Count]]

#: Puts the groups of the navigation into the order that somebody wants.
Arranger = Callable[[HttpRequest, Sequence[NavGroup]], Sequence[NavGroup]]


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the palette does: goes to a page, opens a dialog, sends values, presses a button."""

    #: Names it whatever its label is; what was chosen last comes first by its key.
    key: str
    label: str
    #: What kind of thing it is, in words: "Go to", "Create".
    group: str
    url: str = ""
    icon: str = ""
    hint: str = ""
    #: What `url` answers with is a dialog.
    dialog: bool = False
    #: What `url` answers with may stand in the side panel.
    panel: bool = False
    #: Posted to `url`; None when it is opened.
    values: Mapping[str, str] | None = None
    #: Id of a dialog of the page that opens.
    opens: str = ""
    #: Number of the button of the page that is pressed.
    presses: int | None = None
    #: Further words by which it is found.
    words: Sequence[str] = ()


Commands = Callable[[HttpRequest], Sequence[Command]]
#: Finds what is not known beforehand by a text; without one, what has the given keys (chosen lately).
Finder = Callable[[HttpRequest, str, Sequence[str]], Sequence[Command]]
NavProvider = Callable[[HttpRequest], Sequence[NavGroup]]
CreateProvider = Callable[[HttpRequest], Sequence[NavItem]]
Address = Callable[[HttpRequest], str]

navigation: Registry[NavProvider] = Registry(
    "ui.navigation",
    description="Groups of the left navigation, in order of registration; groups of one name are joined.",
)
arrangers: Registry[Arranger] = Registry(
    "ui.arrangers", description="Rearrange, rename and leave out entries of the navigation for a person."
)
commands: Registry[Commands] = Registry(
    "ui.commands",
    description="What the command palette offers beside the navigation and the “Create” menu.",
)
finders: Registry[Finder] = Registry(
    "ui.finders", description="What the command palette finds by text, such as records."
)
create_menu: Registry[CreateProvider] = Registry(
    "ui.create_menu", description="What the “Create” button offers; nothing offered hides it."
)
account_menu: Registry[AccountNote] = Registry(
    "ui.account_menu", description="Templates in the menu behind the person's avatar."
)
top_items: Registry[TopItem] = Registry(
    "ui.top_items", description="Templates in the top bar, between “Create” and the person's avatar."
)
banners: Registry[Banner] = Registry(
    "ui.banners", description="Templates that stand above every page while they have something to say."
)
counters: Registry[Counter] = Registry(
    "ui.counters",
    description="How much waits behind places and buttons: a page asks for all that it shows in one request, "
    "then every minute, and when something changes.",
)
shell_addresses: Registry[Address] = Registry(
    "ui.shell_addresses",
    description='Addresses the shell needs: "home", "search" (answers while typing, ?q=), "search_page", '
    '"tickets" ({ticket, expires_in} as JSON), "events" (the stream), "manifest" and "worker" (of an app '
    "that is installed). Absent ones switch their part off.",
)
