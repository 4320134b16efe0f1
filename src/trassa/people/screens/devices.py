"""What a browser is called, from what it says of itself."""

from django.utils.translation import gettext as _

#: The first that fits counts: browsers name their ancestors as well.
_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """ "Chrome, Windows" of a User-Agent header; words for what nobody knows."""
    found = [_named(agent, _BROWSERS), _named(agent, _SYSTEMS)]
    return ", ".join(name for name in found if name) or _("Unknown browser")


def _named(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in known if mark in agent), "")
