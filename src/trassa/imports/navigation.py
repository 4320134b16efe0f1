"""What this room puts into the shell and into lists of records."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_of_request
from trassa.imports.queries.subjects import importable_types
from trassa.records.registries import list_tools
from trassa.schema.types import TypeSpec
from trassa.ui import NavGroup, NavItem, navigation


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """The imports, for whoever may create anything."""
    if not importable_types(actor_of_request(request)):
        return []
    url = reverse("imports:runs")
    item = NavItem(_("Import"), url, "upload", active=request.path.startswith(url), key="import")
    return [NavGroup(_("Data"), [item])]


def import_into(actor: Actor, spec: TypeSpec) -> NavItem | None:
    """From the list of a type to the import into it."""
    if not actor.may_create(spec):
        return None
    return NavItem(_("Import"), f"{reverse('imports:upload')}?type={spec.code}", "upload")


def register() -> None:
    """Called once, when Django is ready."""
    navigation.register("imports", list_places)
    list_tools.register("imports", import_into)
