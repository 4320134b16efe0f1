"""What a person has to hand over, and what has been handed over."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.kernel import NotFound
from trassa.people.models import HandOver, HandOverProgress
from trassa.people.queries.working_time import find_subordinates, manages
from trassa.people.registries import WorkPart, handover_sources


def list_work(person_id: int, actor_id: int | None) -> Mapping[str, WorkPart]:
    """What a person has, as far as the actor sees it, by "source:part"; parts of which there is nothing are
    left out."""
    found: dict[str, WorkPart] = {}
    for name, source in handover_sources.items():
        found |= {f"{name}:{part.key}": part for part in source.count(person_id, actor_id) if part.count}
    return found


def may_hand_over(actor_id: int | None, person_id: int) -> bool:
    """Administrators hand over the work of anybody, heads that of the people below them."""
    return actor_id is None or manages(actor_id, person_id)


def get_hand_over(id: int, actor_id: int | None) -> HandOver:
    """A hand-over, for whoever did it or may hand over work of that person; raises NotFound."""
    found = HandOver.objects.select_related("person", "actor").filter(id=id).first()
    if found is None or not (found.actor_id == actor_id or may_hand_over(actor_id, found.person_id)):
        raise NotFound(_("There is no such hand-over."))
    return found


def progress_of(row: HandOver) -> tuple[int, int]:
    """How much of a hand-over that works is done, and of how much."""
    done = HandOverProgress.objects.filter(hand_over=row.id).values_list("done", flat=True).first()
    return done or 0, row.moved if row.state == HandOver.State.UNDOING else row.total


def list_hand_overs(actor_id: int, *, limit: int = 50) -> Sequence[HandOver]:
    """One's own hand-overs and those of people below oneself, the newest first."""
    rows = HandOver.objects.select_related("person", "actor").order_by("-id")
    whose = Q(actor_id=actor_id) | Q(person_id__in=find_subordinates(actor_id))
    return list(rows.filter(whose)[:limit])
