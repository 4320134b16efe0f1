"""What this room puts into the shell."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.ui import NavGroup, NavItem, address_of


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """The designer, for administrators."""
    if not getattr(request.user, "is_administrator", False):
        return []
    url = address_of("designer:types")
    item = NavItem(_("Designer"), url, "layout-board", active=request.path.startswith(url), key="designer")
    return [NavGroup(_("Administration"), [item], is_last=True)]
