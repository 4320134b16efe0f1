"""Tasks that stay overdue call in the head of whoever is to do them: a timer follows the due moment."""

from collections.abc import Sequence

from trassa.automation.actions import cancel_timers, set_timers
from trassa.automation.types import NewTimer
from trassa.people.queries import open_calendars
from trassa.people.types import Duration, add_duration
from trassa.work.models import Task

#: Timers that call in a head.
ESCALATION = "work.escalation"


def plan_escalations(rows: Sequence[Task]) -> None:
    """Set, move or take away the timers of tasks as they are now; tasks that never escalate cost nothing."""
    wanted, gone = [], []
    calendars = open_calendars() if any(row.escalation for row in rows) else None
    for row in rows:
        if calendars is None or not row.escalation:
            continue
        if not row.is_open or row.due_at is None:
            gone.append(str(row.id))
            continue
        calendar = calendars.of(row.owner_id) if row.owner_id else calendars.company
        due_at = add_duration(calendar, row.due_at, Duration.parse(row.escalation))
        wanted.append(NewTimer(ESCALATION, str(row.id), due_at=due_at, record_id=row.record_id))
    if wanted:
        set_timers(wanted)
    if gone:
        cancel_timers(ESCALATION, gone)
