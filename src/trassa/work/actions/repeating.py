"""The next task of a series is made: when the last one ends, or, by the calendar, when its moment has come.

Both ask under a lock of the series whether it is time, so that it can be asked twice. Nobody finds a heap of
what they did not do: the next moment lies ahead, and while several are open the series waits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.automation.types import DueTimer
from trassa.journal import NewEntry, Stream, append
from trassa.kernel import Invalid, now
from trassa.people.queries import calendar_of, company_calendar, departments_of, get_person, head_of
from trassa.work.actions.reminders import arm
from trassa.work.actions.series import await_moment, draft_of_pattern, end_series
from trassa.work.actions.tasks import create_task
from trassa.work.models import Reminder, Series, Task
from trassa.work.repetition import Repetition, next_moment
from trassa.work.types import Cause, TaskDraft

CAUSE: Cause = {"kind": "repetition"}
#: So many open tasks of one series, and it waits until one of them ends.
MOST_OPEN = 3


def repeat_ended(task_ids: Iterable[int]) -> None:
    """Go on with the series of tasks that have ended. Can run twice."""
    ended = Task.objects.filter(id__in=list(task_ids), series__ended_at=None, series__isnull=False)
    for series_id in sorted(set(ended.exclude(state=Task.State.OPEN).values_list("series_id", flat=True))):
        go_on(series_id)


def serve_repetitions(timers: Sequence[DueTimer]) -> None:
    """Go on with series whose last task is due. Can run twice."""
    for timer in timers:
        go_on(int(timer.subject))


@transaction.atomic
def go_on(series_id: int) -> Task | None:
    """Make the next task of a series when it is time for it; None when it is not, or the series is over."""
    series = Series.objects.select_for_update().filter(id=series_id, ended_at=None).first()
    last = Task.objects.filter(id=series.last_id).first() if series else None
    if series is None or last is None or not is_time(series, last):
        return None
    due_at = find_next(series, last)
    if due_at is None:
        end_series(series)
        return None
    row = make_next(series, last, due_at)
    if row is None:
        end_series(series)
        entry = NewEntry(Stream("task", last.id), "series_ended", {"repetition": (series.rule, None)})
        append([entry], actor_id=None, cause=dict(CAUSE))
        return None
    series.last_id, series.planned_at, series.number = row.id, due_at, series.number + 1
    series.save()
    await_moment(series, row.record_id)
    return row


def is_time(series: Series, last: Task) -> bool:
    """Whether the last task has ended; by the calendar also, whether its moment has come."""
    if not last.is_open:
        return True
    if series.after_end or series.planned_at > now():
        return False
    return Task.objects.filter(series=series, state=Task.State.OPEN).count() < MOST_OPEN


def find_next(series: Series, last: Task) -> datetime | None:
    """When the next one is due: ahead, whatever was missed; None when it was the last one."""
    repetition = Repetition(series.rule, series.after_end, series.days_off)
    if repetition.count is not None and series.number >= repetition.count:
        return None
    after = last.done_at or now() if series.after_end else max(series.planned_at, now())
    calendar = calendar_of(last.owner_id) if last.owner_id else company_calendar()
    return next_moment(repetition, series.starts_at, after, calendar)


def make_next(series: Series, last: Task, due_at: datetime) -> Task | None:
    """The next task, with the reminders of the last one; None where nobody can be given it any more."""
    draft = replace(
        draft_of_pattern(series.pattern),
        record_id=last.record_id,
        parent_id=last.parent_id,
        due_at=due_at,
        key=f"series {series.pk} task {series.number + 1}",
    )
    draft = with_people_who_work(draft, last)
    for actor in authors(series):
        try:
            with transaction.atomic():
                row = create_task(draft, actor=actor, cause=CAUSE)
        except Invalid:
            continue
        Task.objects.filter(id=row.id).update(series=series)
        copy_reminders(last, row)
        return row
    return None


def authors(series: Series) -> list[Actor]:
    """In whose name the next task is given: who began the series while they work here, else nobody's."""
    if series.author_id is None or series.author_id not in departments_of([series.author_id]):
        return [system_actor()]
    return [actor_of(get_person(series.author_id)), system_actor()]


def with_people_who_work(draft: TaskDraft, last: Task) -> TaskDraft:
    """Whoever has left is left out; the owner's place takes who had the last one, or the head."""
    named = {*draft.co_workers, *draft.observers, *draft.candidates.people, draft.owner_id, last.owner_id}
    working = departments_of(id for id in named if id is not None).keys()
    owner = draft.owner_id
    if owner is not None and owner not in working:
        owner = last.owner_id if last.owner_id in working else head_of(owner)
    candidates = replace(draft.candidates, people=[id for id in draft.candidates.people if id in working])
    return replace(
        draft,
        owner_id=owner,
        candidates=candidates,
        co_workers=[id for id in draft.co_workers if id in working],
        observers=[id for id in draft.observers if id in working],
    )


def copy_reminders(last: Task, row: Task) -> None:
    """Whoever was reminded of the last one is reminded of the next."""
    known = Reminder.objects.filter(task_id=last.id, at=None).order_by("id")
    rows = [
        Reminder(person_id=each.person_id, task=row, offset=each.offset, note=each.note) for each in known
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    arm(list(Reminder.objects.filter(task_id=row.id)))
