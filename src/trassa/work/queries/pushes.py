"""Browsers that take messages."""

from trassa.access.queries import Actor
from trassa.work.models import PushSubscription


def list_subscriptions(actor: Actor) -> list[PushSubscription]:
    """The browsers of a person, the newest first."""
    return list(PushSubscription.objects.filter(person_id=actor.id or 0).order_by("-id"))


def reached_by_push(person_id: int) -> list[str]:
    """A message for each browser of a person."""
    ids = PushSubscription.objects.filter(person_id=person_id).order_by("id").values_list("id", flat=True)
    return [str(id) for id in ids]
