"""How much is overdue, and how far deadlines have been counted anew."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Value

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.kernel import now
from trassa.records.models import DeadlineState
from trassa.schema.types import TypeSpec

#: The condition of a list of what is overdue, as its address carries it.
OVERDUE = "stage_due_at < NOW()"
#: Counting stops here.
COUNT_LIMIT = 99


def has_deadlines(spec: TypeSpec) -> bool:
    """Whether any stage of the type has a deadline."""
    return any(stage.deadline for pipeline in spec.pipelines for stage in pipeline.stages)


def count_overdue(actor: Actor, specs: Sequence[TypeSpec]) -> Mapping[int, int]:
    """Type id → how many records that the person sees are overdue, one more than COUNT_LIMIT for all above.

    One query for all types, none for none.
    """
    parts = []
    for spec in specs:
        reach = actor.reach(Verb.SEE, spec)
        if not reach.nothing:
            late = spec.model._default_manager.filter(deleted_at=None, stage_due_at__lt=now())
            marked = restrict(late, reach).order_by().annotate(of_type=Value(spec.id))
            parts.append(marked.values_list("of_type")[: COUNT_LIMIT + 1])
    found = Counter({spec.id: 0 for spec in specs})
    if parts:
        found.update(id for (id,) in parts[0].union(*parts[1:], all=True))
    return found


def find_renewing(spec: TypeSpec) -> tuple[int, int] | None:
    """How many of how many records got the new deadlines of their stages; None when all have."""
    states = DeadlineState.objects.filter(type_id=spec.id, pending__isnull=False)
    return states.values_list("done", "total").first()
