"""What a request is about: who asks, and the type of record that it names."""

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.imports.types import ImportRun
from trassa.kernel import NotFound
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


def get_type(actor: Actor, code: str) -> TypeSpec:
    """The type with this code; raises NotFound when it is absent or the person has no part in it."""
    spec = current_generation().types.get(code)
    if spec is None or (actor.reach(Verb.SEE, spec).nothing and not actor.may_create(spec)):
        raise NotFound(_("There is no such type of record."))
    return spec


def importable_types(actor: Actor) -> list[TypeSpec]:
    """The types of which this person may create records, in the order of menus."""
    types = [spec for spec in current_generation() if actor.may_create(spec)]
    return sorted(types, key=lambda spec: (spec.position, spec.id))


def find_type(run: ImportRun) -> TypeSpec | None:
    """The type that a run imports into; None when it was retired."""
    return current_generation().types_by_id.get(run.type_id)


def type_of(run: ImportRun) -> TypeSpec:
    """The type that a run imports into; raises NotFound when it was retired."""
    spec = find_type(run)
    if spec is None:
        raise NotFound(_("There is no such type of record."))
    return spec
