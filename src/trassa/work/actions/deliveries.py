"""What people are told past the screen: planned once, sent at least once, tried again with growing pauses.

A delivery is planned when its notice has come, for now, for the end of quiet hours or for the next digest;
what quiet hours hold back comes at their end as one.
What was read meanwhile, or is out of reach, is not sent. The key of a delivery stays: channels pass it on, so
that a receiver knows a repetition. A worker that dies on the way leaves it due.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import actor_of
from trassa.automation.actions import set_timers
from trassa.automation.types import DueTimer, NewTimer
from trassa.journal import publish
from trassa.kernel import NotFound, TrassaError, Unavailable, now
from trassa.people.queries import find_person, open_calendars, require_administrator
from trassa.work.events import DELIVERIES_DUE
from trassa.work.models import Delivery, Notice
from trassa.work.notice_types import Addressee, Parcel
from trassa.work.queries.channels import AS_USUAL, Wishes, wishes_of
from trassa.work.queries.notices import list_notices, visible_notices
from trassa.work.quiet_hours import next_digest, next_moment
from trassa.work.registries import channels, notice_kinds

DIGEST = "digest"
#: In the data of a notice: the one channel by which it goes.
ONLY = "channel"
#: Timers that make a delivery due.
PURPOSE = "work.delivery"
FIRST_RETRY, LAST_RETRY = 30.0, 3_600.0
#: Some two days.
MAX_ATTEMPTS = 54
#: Attempts that are remembered.
KEPT = 20
#: How long deliveries are kept.
DELIVERIES_KEPT = timedelta(days=90)
#: Notices that one letter names.
MOST_IN_LETTER = 200

#: A digest that is being sent takes nothing more.
_PLAN = """
    INSERT INTO work_delivery (person_id, channel, key, notices, state, due_at, attempts, log, created_at)
    VALUES (%s, %s, %s, ARRAY[%s]::bigint[], 'due', %s, 0, '[]', %s)
    ON CONFLICT (key) DO UPDATE SET notices = work_delivery.notices || excluded.notices
    WHERE %s AND work_delivery.state = 'due' AND work_delivery.due_at > clock_timestamp()
    RETURNING id, due_at, xmax = 0
"""
#: How many digests are tried, should one be on its way already.
DIGESTS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """A delivery to be made."""

    person_id: int
    channel: str
    key: str
    notice_id: int
    due_at: datetime


@transaction.atomic
def plan_deliveries(notice_ids: Iterable[int]) -> list[int]:
    """Plan what is to be sent about these notices; gives the new deliveries. Can run twice."""
    notices = list(Notice.objects.filter(id__in=list(notice_ids)).order_by("id"))
    wishes = wishes_of(notice.person_id for notice in notices)
    planned = _keys_by_notice(notices)
    made: list[tuple[int, datetime]] = []
    for notice in notices:
        wanted = wishes.get(notice.person_id, AS_USUAL)
        only = notice.data.get(ONLY)
        for name in sorted(wanted.open_for(notice.kind)):
            channel = channels.find(name)
            if channel is None or not channel.is_there() or (only and name != only):
                continue
            for target in channel.targets(notice.person_id):
                if not any(_leads_to(key, name, target) for key in planned[notice.id]):
                    made += _plan(notice, name, target, wanted, gathers=channel.gathers)
    _schedule(made)
    return [id for id, _due_at in made]


def _keys_by_notice(notices: Sequence[Notice]) -> Mapping[int, Sequence[str]]:
    """The keys of the deliveries that there are of these notices."""
    found: dict[int, list[str]] = defaultdict(list)
    ids, people = [notice.id for notice in notices], {notice.person_id for notice in notices}
    rows = Delivery.objects.filter(person_id__in=people, notices__overlap=ids)
    for key, told in rows.values_list("key", "notices"):
        for id in told:
            found[id].append(key)
    return found


def _leads_to(key: str, name: str, target: str) -> bool:
    """Whether a delivery goes to this target of the channel."""
    return key.startswith(f"{name}:") and key.endswith(f":{target}" if target else "")


def _plan(
    notice: Notice, name: str, target: str, wanted: Wishes, *, gathers: bool
) -> list[tuple[int, datetime]]:
    """The delivery of one notice to one target when it is a new one: alone at once, else with others."""
    calendar, moment = open_calendars().of(notice.person_id), now()
    if not notice_kinds.get(notice.kind).fixed:
        for _attempt in range(DIGESTS):
            due = moment
            if gathers and wanted.digest:
                due = next_digest(due, wanted.digest, wanted.digest_at, calendar)
            due = next_moment(due, wanted.quiet, calendar)
            if due <= now():
                break
            key = _key(name, DIGEST, str(notice.person_id), due.isoformat(), target)
            taken, made = _insert(Plan(notice.person_id, name, key, notice.id, due), gathers=True)
            if taken:
                return made
            # That one is on its way already.
            moment = due
    key = _key(name, str(notice.id), target)
    return _insert(Plan(notice.person_id, name, key, notice.id, now()))[1]


def _key(*parts: str) -> str:
    return ":".join(filter(None, parts))


def _insert(plan: Plan, *, gathers: bool = False) -> tuple[bool, list[tuple[int, datetime]]]:
    """Whether the delivery takes the notice now, and itself with its moment when it is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PLAN, [plan.person_id, plan.channel, plan.key, plan.notice_id, plan.due_at, now(), gathers]
        )
        rows = cursor.fetchall()
    return bool(rows), [(id, due_at) for id, due_at, is_new in rows if is_new]


def _schedule(made: Sequence[tuple[int, datetime]]) -> None:
    """Send what is due, and set timers for the rest."""
    moment = now()
    due = [id for id, due_at in made if due_at <= moment]
    if due:
        publish(DELIVERIES_DUE, {"deliveries": due})
    set_timers([NewTimer(PURPOSE, str(id), due_at=due_at) for id, due_at in made if due_at > moment])


def serve_timers(timers: Sequence[DueTimer]) -> None:
    """Deliveries whose moment has come."""
    publish(DELIVERIES_DUE, {"deliveries": [int(timer.subject) for timer in timers]})


def deliver(id: int) -> None:
    """Try a delivery once."""
    with transaction.atomic():
        # Whoever adds to a digest at this moment has done so before it is read.
        delivery = Delivery.objects.select_for_update().filter(id=id, state=Delivery.State.DUE).first()
    channel = channels.find(delivery.channel) if delivery else None
    person = find_person(delivery.person_id) if delivery else None
    if delivery is None or channel is None or person is None:
        return
    with translation.override(person.language):
        parcel = parcel_of(delivery, person) if person.is_active else None
        if parcel is None:
            Delivery.objects.filter(id=id, state=Delivery.State.DUE).update(state=Delivery.State.DROPPED)
            return
        began, error, is_final = time.monotonic(), "", False
        try:
            channel.send(parcel)
        except TrassaError as problem:
            error, is_final = str(problem) or problem.code, not isinstance(problem, Unavailable)
    note_attempt(id, error, int((time.monotonic() - began) * 1000), is_final=is_final)


def parcel_of(delivery: Delivery, person: Addressee) -> Parcel | None:
    """What there is to send, in words; None when it was all read, or nothing of it is to be seen."""
    actor, ids = actor_of(person), set(delivery.notices)
    lines = list_notices(actor, ids=ids, only_unread=True, limit=MOST_IN_LETTER, on_screen=False)
    more = 0
    if len(lines) == MOST_IN_LETTER:
        more = visible_notices(actor).filter(id__in=ids, read_at=None).count() - len(lines)
    return Parcel(delivery.key, person, lines, more) if lines else None


@transaction.atomic
def note_attempt(id: int, error: str, milliseconds: int, *, is_final: bool) -> None:
    """Write what an attempt met into the log, and say when the next one is."""
    delivery = Delivery.objects.select_for_update().get(id=id)
    if delivery.state != Delivery.State.DUE:
        return
    delivery.attempts += 1
    entry = {"at": now().isoformat(), "error": error[:500], "ms": milliseconds}
    delivery.log = [*delivery.log, entry][-KEPT:]
    if not error:
        delivery.state, delivery.sent_at = Delivery.State.SENT, now()
    elif is_final or delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = Delivery.State.FAILED
    else:
        pause = min(FIRST_RETRY * 2 ** min(delivery.attempts - 1, 20), LAST_RETRY)
        set_timers([NewTimer(PURPOSE, str(id), due_at=now() + timedelta(seconds=pause))])
    delivery.save()


@transaction.atomic
def deliver_again(id: int, *, actor_id: int | None) -> None:
    """Send what was given up once more. Administrators only."""
    require_administrator(actor_id)
    again = Delivery.objects.filter(id=id, state__in=[Delivery.State.FAILED, Delivery.State.DUE])
    if not again.update(state=Delivery.State.DUE, attempts=0):
        raise NotFound(_("There is no such delivery."))
    publish(DELIVERIES_DUE, {"deliveries": [id]})


def forget_deliveries() -> int:
    """Drop deliveries of long ago; gives how many. Can run twice."""
    return Delivery.objects.filter(created_at__lt=now() - DELIVERIES_KEPT).delete()[0]
