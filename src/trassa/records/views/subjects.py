"""What a request is about: who asks, and the type, pipeline or stage that its address names.

What a person may neither see nor create is as good as absent.
"""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor, actor_of
from trassa.access.types import Verb
from trassa.kernel import NotFound
from trassa.people.queries import person_of
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, PipelineSpec, StageSpec, TypeSpec


def actor_of_request(request: HttpRequest) -> Actor:
    """The rights of whoever asks."""
    return actor_of(person_of(request))


def is_known(actor: Actor, spec: TypeSpec) -> bool:
    """Whether the type is there for this person at all."""
    return not actor.reach(Verb.SEE, spec).nothing or actor.may_create(spec)


def get_type(actor: Actor, code: str) -> TypeSpec:
    """The type with this code; raises NotFound."""
    spec = current_generation().types.get(code)
    if spec is None or not is_known(actor, spec):
        raise NotFound(_("There is no such type of record."))
    return spec


def get_pipeline(actor: Actor, code: str) -> tuple[TypeSpec, PipelineSpec]:
    """The pipeline with this code and its type; raises NotFound."""
    generation = current_generation()
    pipeline = generation.pipelines.get(code)
    if pipeline is not None:
        spec = generation.types_by_id[pipeline.type_id]
        if is_pipeline_known(actor, spec, pipeline):
            return spec, pipeline
    raise NotFound(_("There is no such pipeline."))


def is_pipeline_known(actor: Actor, spec: TypeSpec, pipeline: PipelineSpec) -> bool:
    return not actor.reach(Verb.SEE, spec, pipeline).nothing or actor.may_create(spec, pipeline)


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
