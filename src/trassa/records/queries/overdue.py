"""How much is overdue."""

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.kernel import now
from trassa.schema.types import TypeSpec

#: The condition of a list of what is overdue, as its address carries it.
OVERDUE = "stage_due_at < NOW()"
#: Counting stops here.
COUNT_LIMIT = 99


def has_deadlines(spec: TypeSpec) -> bool:
    """Whether any stage of the type has a deadline."""
    return any(stage.deadline for pipeline in spec.pipelines for stage in pipeline.stages)


def count_overdue(actor: Actor, spec: TypeSpec) -> int:
    """How many records that the person sees are overdue, one more than COUNT_LIMIT for all above."""
    reach = actor.reach(Verb.SEE, spec)
    if reach.nothing:
        return 0
    late = spec.model._default_manager.filter(deleted_at=None, stage_due_at__lt=now())
    return len(restrict(late, reach).values("id")[: COUNT_LIMIT + 1])
