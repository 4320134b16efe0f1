"""A company that begins with a past of its own does not begin with dozens of unread notices.

A demo company's old deadlines and comments are told when its worker first runs. Soon after, all but the
newest of each kind count as read.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Max

from trassa.automation.actions import set_timers
from trassa.automation.types import DueTimer, NewTimer
from trassa.journal import publish
from trassa.kernel import now
from trassa.work.events import NOTICES_CHANGED
from trassa.work.models import Notice

PURPOSE = "work.calming"
#: How often it is looked whether all of the past has been told, and how long nothing must have come since.
PAUSE = timedelta(seconds=30)
#: Then it is given up.
MOST_LOOKS = 60


def calm_down(look: int = 1) -> None:
    """Let what will be told of the past count as read, inside the caller's transaction."""
    set_timers([NewTimer(PURPOSE, str(look), due_at=now() + PAUSE)])


def serve_calming(timers: Sequence[DueTimer]) -> None:
    """Mark everybody's notices as read, but for the newest of each kind, once no more of them come."""
    look = max(int(timer.subject) for timer in timers)
    told = Notice.objects.aggregate(at=Max("created_at"))["at"]
    if told is None or told > now() - PAUSE:
        if look < MOST_LOOKS:
            calm_down(look + 1)
        return
    unread = Notice.objects.filter(read_at=None)
    newest = unread.values("person_id", "kind").annotate(newest=Max("id")).values_list("newest", flat=True)
    old = unread.exclude(id__in=list(newest))
    people = sorted(set(old.values_list("person_id", flat=True)))
    if old.update(read_at=now()):
        publish(NOTICES_CHANGED, {"people": people, "notices": []})
