"""Types and pipelines that are there for a person: those in which they may see or create any record.

Everything else is as good as absent.
"""

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.kernel import FieldError, Invalid, NotFound
from trassa.schema.queries import current_generation
from trassa.schema.types import PipelineSpec, TypeSpec


def is_known(actor: Actor, spec: TypeSpec, pipeline: PipelineSpec | None = None) -> bool:
    """Whether the person may see or create any record of this type (in this pipeline)."""
    return any(not actor.reach(verb, spec, pipeline).nothing for verb in (Verb.SEE, Verb.CREATE))


def list_types(actor: Actor) -> list[TypeSpec]:
    """The types that this person knows of, in the order of menus."""
    return [spec for spec in current_generation().in_menus if is_known(actor, spec)]


def list_pipelines(actor: Actor, spec: TypeSpec) -> list[PipelineSpec]:
    """The pipelines of a type in which this person has anything to do."""
    return [pipeline for pipeline in spec.pipelines if is_known(actor, spec, pipeline)]


def get_type(actor: Actor, code: str) -> TypeSpec:
    """The type with this code; raises NotFound when it is absent or the person has no part in it."""
    spec = current_generation().types.get(code)
    if spec is None or not is_known(actor, spec):
        raise NotFound(_("There is no such type of record."))
    return spec


def named_type(actor: Actor, code: str) -> TypeSpec:
    """The type that a parameter `type` names; raises Invalid where `get_type` finds none."""
    spec = current_generation().types.get(code)
    if spec is None or not is_known(actor, spec):
        message = str(_("There is no type “%s”.") % code)
        raise Invalid(message, errors=[FieldError("type", "unknown", message)])
    return spec


def get_pipeline(actor: Actor, code: str) -> tuple[TypeSpec, PipelineSpec]:
    """The pipeline with this code and its type; raises NotFound like `get_type`."""
    generation = current_generation()
    pipeline = generation.pipelines.get(code)
    spec = generation.types_by_id.get(pipeline.type_id) if pipeline else None
    if pipeline is None or spec is None or not is_known(actor, spec, pipeline):
        raise NotFound(_("There is no such pipeline."))
    return spec, pipeline
