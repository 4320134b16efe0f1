"""What this room puts into the shell."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.ui import NavGroup, NavItem, address_of


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """Rules and timers, for administrators."""
    if not getattr(request.user, "is_administrator", False):
        return []
    items = [
        NavItem(label, url, icon, active=request.path.startswith(url), key=key)
        for label, url, icon, key in (
            (_("Automation"), address_of("automation:rules"), "robot", "rules"),
            (_("Timers"), address_of("automation:timers"), "clock", "timers"),
        )
    ]
    return [NavGroup(_("Administration"), items, is_last=True)]
