"""Rules go through the records that are there: which sweep is on, and how far it has come.

Each part is one transaction with the order for the next one. A part that comes twice, or that belongs to a
sweep that was begun anew, does nothing.
"""

from django.db.models import F

from trassa.automation.events import SWEEP_DUE
from trassa.automation.models import Sweep
from trassa.journal import publish

#: Sweeps by their keys: dates get their timers; records that stand in a phase of their deadline are answered
#: to. Any other key is an occasion of the clock.
DATES, STANDING = "", "overdue"


def order_sweep(rule_id: int, key: str) -> None:
    """Let a rule go through its records from the beginning, inside the caller's transaction."""
    begun = {"after_id": 0, "done": 0, "total": None}
    Sweep.objects.update_or_create(rule_id=rule_id, key=key, defaults=begun)
    publish(SWEEP_DUE, {"rule": rule_id, "key": key, "after": 0})


def find_part(rule_id: int, key: str, after: int) -> Sweep | None:
    """The sweep that this part belongs to, locked; None when it is done already or not wanted any more."""
    return Sweep.objects.select_for_update().filter(rule_id=rule_id, key=key, after_id=after).first()


def order_next(sweep: Sweep, after: int, count: int) -> None:
    """Note that the records up to this one are done, and order the next part."""
    Sweep.objects.filter(id=sweep.id).update(after_id=after, done=F("done") + count, total=sweep.total)
    publish(SWEEP_DUE, {"rule": sweep.rule_id, "key": sweep.key, "after": after})


def forget_sweeps(rule_id: int) -> None:
    """End whatever a rule is going through records for."""
    Sweep.objects.filter(rule_id=rule_id).delete()
