"""What this room puts into the shell."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.ui import NavGroup, NavItem, address_of


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """Timers, for administrators."""
    if not getattr(request.user, "is_administrator", False):
        return []
    url = address_of("automation:timers")
    item = NavItem(_("Timers"), url, "clock", active=request.path.startswith(url), key="timers")
    return [NavGroup(_("Administration"), [item], is_last=True)]
