"""Series of tasks begin, change and end with one of their tasks, in its transaction.

What is said for this task alone leaves the series as it is; what is said for the following ones changes the
pattern that they are made of. See docs/decisions/0040-repetition.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trassa.automation.actions import cancel_timers, set_timers
from trassa.automation.types import NewTimer
from trassa.kernel import now
from trassa.records.actions.statements import Statements
from trassa.work.models import Series, Task
from trassa.work.repetition import Repetition
from trassa.work.types import Holders, TaskDraft

#: Timers that make the next task when the moment of the last one has come.
REPETITION = "work.repetition"
#: Parts of a draft that a series repeats as they are.
_SAME = (
    *("title", "kind", "text", "owner_id", "estimate_minutes", "priority", "whole_checklist"),
    *("code", "escalation", "file_kind"),
)
_LISTS = ("co_workers", "observers", "checklist", "fields")


def pattern_of(draft: TaskDraft) -> dict[str, Any]:
    """What each task of a series is made of."""
    people, roles, departments = (
        list(each) for each in (draft.candidates.people, draft.candidates.roles, draft.candidates.departments)
    )
    return {
        **{name: getattr(draft, name) for name in _SAME},
        **{name: list(getattr(draft, name)) for name in _LISTS},
        "candidates": {"people": people, "roles": roles, "departments": departments},
    }


def draft_of_pattern(pattern: Mapping[str, Any]) -> TaskDraft:
    """The next task, without its moment."""
    candidates = Holders(**pattern["candidates"])
    return TaskDraft(**{name: pattern[name] for name in (*_SAME, *_LISTS)}, candidates=candidates)


def start_series(row: Task, draft: TaskDraft, repetition: Repetition, author_id: int | None) -> None:
    """Let a stored task be the first of a series; the caller stores its `series`."""
    begin([(row, draft, repetition)], author_id)


def start_many(made: Iterable[tuple[Task, TaskDraft]], author_id: int | None) -> None:
    """Let those of new tasks that repeat be the first of their series; as many statements as for one."""
    begun = [(row, draft, draft.repetition) for row, draft in made if draft.repetition is not None]
    if begun:
        begin(begun, author_id)
        statements = Statements()
        statements.update_models([row for row, _draft, _repetition in begun], ["series"])
        statements.run()


def begin(begun: Sequence[tuple[Task, TaskDraft, Repetition]], author_id: int | None) -> None:
    """Store the series of tasks, and wait for the moments of those that go by the calendar."""
    moments = [row.due_at or now() for row, _draft, _repetition in begun]
    series = [
        Series(
            rule=repetition.rule,
            after_end=repetition.after_end,
            days_off=repetition.days_off,
            starts_at=due_at,
            planned_at=due_at,
            last_id=row.id,
            pattern=pattern_of(draft),
            author_id=author_id,
        )
        for (row, draft, repetition), due_at in zip(begun, moments, strict=True)
    ]
    Series.objects.bulk_create(series)
    for (row, _draft, _repetition), each in zip(begun, series, strict=True):
        row.series = each
    set_timers(
        [
            NewTimer(REPETITION, str(each.pk), due_at=each.planned_at, record_id=row.record_id)
            for (row, _draft, _repetition), each in zip(begun, series, strict=True)
            if not each.after_end
        ]
    )


def await_moment(series: Series, record_id: int | None) -> None:
    """Set the timer of a series that goes by the calendar; it sleeps while the record lies in the bin."""
    if series.after_end or series.ended_at is not None:
        return cancel_timers(REPETITION, [str(series.pk)])
    timer = NewTimer(REPETITION, str(series.pk), due_at=series.planned_at, record_id=record_id)
    return set_timers([timer])


def hold_series(row: Task) -> Series | None:
    """The series of a task, locked, while it goes on."""
    if row.series_id is None:
        return None
    return Series.objects.select_for_update().filter(id=row.series_id, ended_at=None).first()


def change_repetition(
    row: Task, repetition: Repetition | None, draft: TaskDraft, author_id: int | None
) -> None:
    """Begin, change or end the series of a task; the caller stores the task."""
    series = hold_series(row)
    if series is None:
        if repetition is not None:
            start_series(row, draft, repetition, author_id)
        return
    if repetition is None:
        return end_series(series)
    series.rule, series.after_end, series.days_off = (
        repetition.rule,
        repetition.after_end,
        repetition.days_off,
    )
    if series.last_id == row.id and row.due_at is not None:
        series.starts_at = series.planned_at = row.due_at
    series.save()
    return await_moment(series, row.record_id)


def change_following(row: Task, changes: Mapping[str, Any]) -> None:
    """Let the tasks to come be made with these values too."""
    series = hold_series(row)
    if series is None:
        return
    known = {name: value for name, value in changes.items() if name in (*_SAME, *_LISTS)}
    series.pattern |= {name: list(value) if name in _LISTS else value for name, value in known.items()}
    candidates = changes.get("candidates")
    if candidates is not None:
        series.pattern["candidates"] = {
            "people": list(candidates.people),
            "roles": list(candidates.roles),
            "departments": list(candidates.departments),
        }
    if changes.get("due_at") is not None and series.last_id == row.id:
        series.starts_at = series.planned_at = changes["due_at"]
    series.save()
    await_moment(series, row.record_id)


def end_series(series: Series) -> None:
    """No further tasks come."""
    series.ended_at = now()
    series.save(update_fields=["ended_at"])
    cancel_timers(REPETITION, [str(series.pk)])


def end_series_of(ids: Iterable[int]) -> None:
    """No further tasks come of these series."""
    found = Series.objects.select_for_update().filter(ended_at=None, id__in=ids)
    living = list(found.order_by("id").values_list("id", flat=True))
    if living:
        Series.objects.filter(id__in=living).update(ended_at=now())
        cancel_timers(REPETITION, [str(id) for id in living])
