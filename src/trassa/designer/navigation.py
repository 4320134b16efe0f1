"""What this room puts into the shell."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.records.registries import card_tools, list_tools
from trassa.schema.types import TypeSpec
from trassa.ui import NavGroup, NavItem, address_of, navigation


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """The designer, for administrators."""
    if not getattr(request.user, "is_administrator", False):
        return []
    url = address_of("designer:types")
    item = NavItem(_("Designer"), url, "layout-board", active=request.path.startswith(url), key="designer")
    return [NavGroup(_("Administration"), [item], is_last=True)]


def design_list(actor: Actor, spec: TypeSpec) -> NavItem | None:
    """The way from a list to the designer of its type."""
    return _designer(actor, spec, "lists")


def design_card(actor: Actor, spec: TypeSpec, record_id: int) -> NavItem | None:
    """The way from a card to the designer of its type."""
    return _designer(actor, spec, "card")


def _designer(actor: Actor, spec: TypeSpec, page: str) -> NavItem | None:
    """A page of the designer, for administrators."""
    if not actor.everything:
        return None
    url = reverse("designer:page", args=[spec.code, page])
    return NavItem(_("Design this type"), url, "adjustments-horizontal")


def register() -> None:
    """Enter the shell, lists and cards."""
    navigation.register("designer", list_places)
    card_tools.register("designer.card", design_card)
    list_tools.register("designer.list", design_list)
