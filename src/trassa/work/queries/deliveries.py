"""What was sent to people past the screen: one's own, and everybody's for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.kernel import Forbidden
from trassa.people.queries import names_of
from trassa.work.models import Delivery
from trassa.work.registries import channels


@dataclass(frozen=True, slots=True)
class Attempt:
    """When it was tried, how long that took, and what went wrong; "" for nothing."""

    at: datetime
    milliseconds: int
    error: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A letter or message as the log shows it: to whom, how often it was tried, what the attempts met."""

    id: int
    person_id: int
    person: str
    channel: str
    label: str
    icon: str
    #: How many notices it tells.
    count: int
    state: str
    attempts: int
    #: What the last attempt met; "" for nothing bad.
    error: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    log: Sequence[Attempt] = ()


def list_deliveries(
    actor: Actor,
    *,
    everybody: bool = False,
    state: str = "",
    notice: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[DeliveryLine]:
    """Deliveries behind id `before`, or those of one notice, the newest first.

    Only administrators may ask for those of everybody.
    """
    rows = Delivery.objects.order_by("-id")
    if not everybody:
        rows = rows.filter(person_id=actor.id or 0)
    elif not actor.everything:
        raise Forbidden(_("Only an administrator may do this."))
    if state:
        rows = rows.filter(state=state)
    if notice is not None:
        rows = rows.filter(notices__contains=[notice])
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:limit])
    names = names_of(row.person_id for row in found)
    return [_line(row, names.get(row.person_id, "")) for row in found]


def _line(row: Delivery, name: str) -> DeliveryLine:
    channel = channels.find(row.channel)
    log = [Attempt(datetime.fromisoformat(each["at"]), each["ms"], each["error"]) for each in row.log]
    return DeliveryLine(
        id=row.id,
        person_id=row.person_id,
        person=name,
        channel=row.channel,
        label=str(channel.label) if channel else row.channel,
        icon=channel.icon if channel else "send",
        count=len(row.notices),
        state=row.state,
        attempts=row.attempts,
        error=log[-1].error if log else "",
        created_at=row.created_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
        log=log,
    )
