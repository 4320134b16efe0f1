"""What this room enters into the registries of lower rooms."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.access.api.roles import router
from trassa.api import routers
from trassa.ui import NavGroup, NavItem, address_of, navigation


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """Roles, for administrators."""
    if not getattr(request.user, "is_administrator", False):
        return []
    url = address_of("access:roles")
    item = NavItem(_("Roles"), url, "lock", active=request.path.startswith(url), key="roles")
    return [NavGroup(_("Administration"), [item], is_last=True)]


def register() -> None:
    """Called once, when Django is ready."""
    routers.register("access", router)
    navigation.register("access", list_places)
