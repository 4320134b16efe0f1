"""Rules that answer to dates of records and to the clock: their timers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from trassa.automation.actions.running import Occasion, start_runs
from trassa.automation.actions.sweeps import DATES, STANDING, forget_sweeps, order_sweep
from trassa.automation.actions.timers import cancel_timers, set_timers
from trassa.automation.models import Rule, Run, Timer
from trassa.automation.moments import GRACE
from trassa.automation.rulebook import compile_row, rulebook_of
from trassa.automation.types import Anchor, CompiledRule, DueTimer, NewTimer
from trassa.kernel import company_zone, now, today
from trassa.people.types import Duration
from trassa.records.registries import WrittenRecord
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec

DATE, SCHEDULE = "automation.rule_date", "automation.rule_schedule"
Rows = Mapping[int, Mapping[str, Any]]


def follow_dates(written: Sequence[WrittenRecord]) -> None:
    """Set the timers of rules where a date that they answer to has changed."""
    timers: list[NewTimer] = []
    for record in written:
        for column, rules in rulebook_of(record.spec).dates.items():
            if (record.before or {}).get(column) != record.after.get(column):
                timers += [date_timer(rule, record.spec, record.id) for rule in rules]
    set_timers(timers, {record.id: record.after for record in written})


def date_timer(rule: CompiledRule, spec: TypeSpec, record_id: int) -> NewTimer:
    settings: Any = rule.settings
    offset = Duration.parse(settings.offset) if settings.offset else Duration(0, "minute")
    return NewTimer(
        DATE,
        f"{rule.id}:{record_id}",
        anchor=Anchor(spec.id, record_id, settings.column(spec), offset),
        payload={"set_at": now().isoformat()},
    )


def meet_dates(timers: Sequence[DueTimer]) -> None:
    """Dates have come: the handler of their timers."""
    pin_for_write()
    by_rule: dict[int, list[tuple[int, DueTimer]]] = defaultdict(list)
    for timer in timers:
        rule_id, _colon, of = timer.subject.partition(":")
        by_rule[int(rule_id)].append((int(of), timer))
    rows = Rule.objects.filter(id__in=by_rule, is_active=True, retired_at=None)
    for row in rows.order_by("type_id", "position", "id"):
        spec = current_generation().types_by_id.get(row.type_id)
        for record_id, timer in by_rule[row.id] if spec else ():
            rule = compile_row(row)
            if timer.due_at < datetime.fromisoformat(str(timer.payload["set_at"])) - GRACE:
                note_late(rule, record_id)
            elif spec is not None:
                key = f"date:{timer.due_at.isoformat()}"
                start_runs(rule, spec, [record_id], Occasion("date", cause={"kind": "date"}, key=key))


def note_late(rule: CompiledRule, record_id: int) -> None:
    """A date was filled in when its moment had long been over."""
    moment = now()
    Run.objects.create(
        rule_id=rule.id,
        version=rule.version,
        record_id=record_id,
        event="date",
        state=Run.State.SKIPPED,
        why={"result": "late"},
        at=moment,
        ended_at=moment,
    )


def renew_clock(row: Rule) -> None:
    """Bring the timers of a rule in line with what it answers to now; records follow in a job."""
    Timer.objects.filter(purpose=DATE, subject__startswith=f"{row.id}:").delete()
    cancel_timers(SCHEDULE, [str(row.id)])
    forget_sweeps(row.id)
    if not row.is_active or row.retired_at is not None:
        return
    rule = compile_row(row)
    if rule.event == "date":
        order_sweep(row.id, DATES)
    elif rule.event == "overdue":
        order_sweep(row.id, STANDING)
    elif rule.event == "schedule":
        set_timers([NewTimer(SCHEDULE, str(row.id), due_at=next_moment(rule.settings, now()))])


def next_moment(settings: Any, after: datetime) -> datetime:
    """When a schedule comes next, in the company's zone."""
    zone = company_zone()
    hour, _colon, minute = settings.at.partition(":")
    day = after.astimezone(zone).date()
    for _day in range(400):
        moment = datetime.combine(day, time(int(hour), int(minute)), zone)
        if moment > after and settings.falls_on(day):
            return moment
        day += timedelta(days=1)
    raise ValueError(f"no day for {settings}")


def meet_schedules(timers: Sequence[DueTimer]) -> None:
    """The clock has struck: a job goes through the records, and the next time is set."""
    rows = Rule.objects.filter(
        id__in=[int(timer.subject) for timer in timers], is_active=True, retired_at=None
    )
    due = {int(timer.subject): timer.due_at for timer in timers}
    for row in rows:
        order_sweep(row.id, f"schedule:{due[row.id].isoformat()}")
        moment = next_moment(compile_row(row).settings, now())
        set_timers([NewTimer(SCHEDULE, str(row.id), due_at=moment)])


def horizon(settings: Any) -> Any:
    """Dates before this one were over before the rule was there."""
    offset = Duration.parse(settings.offset) if settings.offset else Duration(0, "minute")
    return today() - timedelta(days=max(0, offset.clock.days) * 2 + 1)
