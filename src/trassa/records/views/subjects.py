"""What the address of a page names inside a pipeline or a type; what a person does not see is absent."""

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.kernel import NotFound
from trassa.schema.types import FieldSpec, PipelineSpec, StageSpec, TypeSpec


def get_stage(pipeline: PipelineSpec, code: str) -> StageSpec:
    """The stage of a pipeline; raises NotFound."""
    try:
        return pipeline.get_stage(code)
    except KeyError:
        raise NotFound(_("There is no such stage.")) from None


def get_field(actor: Actor, spec: TypeSpec, code: str) -> FieldSpec:
    """A field that the person sees; raises NotFound."""
    field = spec.by_code.get(code)
    if field is None or not actor.sees_field(field):
        raise NotFound(_("There is no such field."))
    return field
