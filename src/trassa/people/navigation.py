"""What this room puts into the shell."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.people.models import Person
from trassa.people.queries import is_head
from trassa.ui import Command, NavGroup, NavItem, Shell, address_of


def list_home(request: HttpRequest) -> Sequence[NavGroup]:
    """The home page, first of all."""
    url = address_of("people:home")
    item = NavItem(_("My day"), url, "home", active=request.path == url, key="home")
    return [NavGroup("", [item], is_first=True)]


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """People, departments and calendars, for administrators; handing over, for heads too."""
    person = request.user
    if not isinstance(person, Person):
        return []
    url = address_of("people:hand_overs")
    handing = NavItem(
        _("Hand over work"),
        url,
        "arrows-left-right",
        active=request.path.startswith(url) or request.path.endswith("/hand-over"),
        key="hand_overs",
    )
    if not person.is_administrator:
        return [NavGroup(_("Team"), [handing], is_last=True)] if is_head(person) else []
    items = [
        NavItem(label, url, icon, active=request.path.startswith(url), key=key)
        for label, url, icon, key in (
            (_("People"), address_of("people:people"), "users", "people"),
            (_("Departments"), address_of("people:departments"), "building", "departments"),
            (_("Working calendars"), address_of("people:calendars"), "calendar", "calendars"),
        )
    ]
    return [NavGroup(_("Administration"), [*items, handing], is_last=True)]


def list_commands(request: HttpRequest) -> Sequence[Command]:
    """How it looks, in which language, and what is one's own."""
    group = _("Settings")
    theme, language = address_of("people:theme"), address_of("people:language")
    found = [
        Command(f"theme.{code}", f"{_('Theme')}: {label}", group, theme, icon, values={"theme": code})
        for code, label, icon in (
            (Person.Theme.AUTO, _("Auto"), "device-desktop"),
            (Person.Theme.LIGHT, _("Light"), "sun"),
            (Person.Theme.DARK, _("Dark"), "moon"),
        )
    ]
    found += [
        Command(
            f"language.{code}",
            f"{_('Language')}: {name}",
            group,
            language,
            "language",
            values={"language": code},
        )
        for code, name in ((Person.Language.RUSSIAN, "Русский"), (Person.Language.ENGLISH, "English"))
    ]
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    here = page._replace(scheme="", netloc="", fragment="").geturl()
    own = address_of("people:own_place")
    return [
        *found,
        Command("settings", _("My settings"), group, address_of("people:settings"), "settings"),
        Command("password", _("Change my password"), group, address_of("people:own_password"), "key"),
        Command("start_here", _("Begin with this page"), group, own, "home", values={"start_page": here}),
        *_pinning(request, page.path),
        Command("help", _("Keyboard shortcuts"), group, icon="keyboard", opens="help"),
    ]


def _pinning(request: HttpRequest, path: str) -> Iterator[Command]:
    """Pins or unpins the entry of the menu to which the present page belongs."""
    items = [item for group in Shell(request).all_groups for item in group.items if item.key]
    here = [item for item in items if path.startswith(item.url)]
    if not here:
        return
    item = max(here, key=lambda item: len(item.url))
    is_pinned = item.key in getattr(request.user, "pinned", ())
    text = _("Unpin “%(entry)s” from the menu") if is_pinned else _("Pin “%(entry)s” in the menu")
    yield Command(
        "pin",
        text % {"entry": item.label},
        _("Settings"),
        address_of("people:own_place"),
        "pin",
        values={"unpin" if is_pinned else "pin": item.key},
    )
