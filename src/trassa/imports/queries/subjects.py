"""What a request is about: who asks, and the type of record that it names."""

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.imports.types import ImportRun
from trassa.kernel import NotFound
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


def importable_types(actor: Actor) -> list[TypeSpec]:
    """The types of which this person may create records, in the order of menus."""
    return [spec for spec in current_generation().in_menus if actor.may_create(spec)]


def find_type(run: ImportRun) -> TypeSpec | None:
    """The type that a run imports into; None when it was retired."""
    return current_generation().types_by_id.get(run.type_id)


def type_of(run: ImportRun) -> TypeSpec:
    """The type that a run imports into; raises NotFound when it was retired."""
    spec = find_type(run)
    if spec is None:
        raise NotFound(_("There is no such type of record."))
    return spec
