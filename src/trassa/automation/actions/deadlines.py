"""What happens before, at and after the deadline of a stage: one timer a record walks through the phases.

The timer follows `stage_due_at` or `stage_warn_at` of its record. Each phase is told once: to history, the
outbox, open screens, and whoever registered in `deadline_reactions`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.automation.actions.timers import cancelling, set_timers, setting
from trassa.automation.events import STAGE_DEADLINE
from trassa.automation.registries import deadline_reactions
from trassa.automation.types import Anchor, DueTimer, NewTimer, Phase, StageNews
from trassa.journal import NewEntry, Stream, append, publish
from trassa.kernel import now
from trassa.people.types import Duration
from trassa.records.actions.touching import touch_records
from trassa.records.registries import Statement, WrittenRecord
from trassa.schema.queries import current_generation
from trassa.schema.types import StageDeadline

PURPOSE = "automation.stage_deadline"
#: What the timer of each phase follows.
_COLUMNS = {Phase.SOON: "stage_warn_at", Phase.OVERDUE: "stage_due_at", Phase.ESCALATED: "stage_due_at"}
_WATCHED = ("stage_id", "stage_due_at", "stage_warn_at")
_AT_ONCE = Duration(0, "minute")


def watch_deadlines(written: Sequence[WrittenRecord], rows: Sequence[tuple[Any, ...]]) -> list[Statement]:
    """The statements that begin with the phases anew where a stage or its deadline changed.

    Where a stage has other rules that leave a deadline where it was, what was told of is not told again.
    """
    changed = [record for record in written if record.change == "renewed" or has_moved(record)]
    stages = current_generation().stages_by_id
    timers, ended = [], []
    for record in changed:
        stage = stages.get(record.after.get("stage_id") or 0)
        deadline = stage.deadline if stage else None
        phase = next_phase(record, deadline) if deadline else None
        if deadline is not None and phase is not None:
            timers.append(make_timer(record.spec.id, record.id, phase, deadline))
        elif record.before is not None and (deadline or record.after.get("stage_due_at") is None):
            ended.append(str(record.id))
    return [
        *([cancelling(PURPOSE, ended)] if ended else ()),
        *([setting(timers, {record.id: record.after for record in changed})] if timers else ()),
    ]


def has_moved(record: WrittenRecord) -> bool:
    """Whether the stage of a record or its deadline is another one."""
    return any((record.before or {}).get(column) != record.after.get(column) for column in _WATCHED)


def next_phase(record: WrittenRecord, deadline: StageDeadline) -> Phase | None:
    """The phase that a record comes to next; None without a deadline, and when all are over."""
    due_at, warn_at = record.after.get("stage_due_at"), record.after.get("stage_warn_at")
    if due_at is None:
        return None
    if record.change != "renewed" or (record.before or {}).get("stage_due_at") != due_at:
        return Phase.OVERDUE if warn_at is None else Phase.SOON
    if due_at > now():
        return Phase.OVERDUE if warn_at is None or warn_at <= now() else Phase.SOON
    return Phase.ESCALATED if deadline.escalation else None


def make_timer(type_id: int, record_id: int, phase: Phase, deadline: StageDeadline) -> NewTimer:
    """The timer that tells of a phase."""
    offset = deadline.escalation if phase is Phase.ESCALATED else None
    return NewTimer(
        PURPOSE,
        str(record_id),
        anchor=Anchor(type_id, record_id, _COLUMNS[phase], offset or _AT_ONCE),
        payload={"phase": phase.value},
    )


def tell_deadlines(timers: Sequence[DueTimer]) -> None:
    """Tell what phase the deadlines of these records have come to, and set the timers of the next."""
    rows = read_rows(timers)
    news: list[StageNews] = []
    following: list[NewTimer] = []
    for timer in timers:
        row = rows.get(int(timer.subject))
        stage = current_generation().stages_by_id.get(row["stage_id"] or 0) if row else None
        if row is None or stage is None or stage.deadline is None or row["stage_due_at"] is None:
            continue
        phase = Phase(timer.payload["phase"])
        if phase is not Phase.SOON or row["stage_due_at"] > now():
            news.append(make_news(phase, row, timer))
        if phase is Phase.SOON or (phase is Phase.OVERDUE and stage.deadline.escalation):
            later = Phase.OVERDUE if phase is Phase.SOON else Phase.ESCALATED
            following.append(make_timer(row["type_id"], row["id"], later, stage.deadline))
    set_timers(following)
    tell(news)


def make_news(phase: Phase, row: Mapping[str, Any], timer: DueTimer) -> StageNews:
    """What is told of a record."""
    return StageNews(
        phase=phase,
        type_id=row["type_id"],
        record_id=row["id"],
        stage_id=row["stage_id"],
        owner_id=row["owner_id"],
        department_id=row["department_id"],
        due_at=row["stage_due_at"],
        late_by=timer.late_by,
    )


def read_rows(timers: Sequence[DueTimer]) -> dict[int, dict[str, Any]]:
    """The records of these timers as they stand, without those in the bin; a query a type."""
    ids: dict[int, list[int]] = {}
    for timer in timers:
        ids.setdefault(timer.anchor_type_id or 0, []).append(int(timer.subject))
    columns = ("id", "stage_id", "owner_id", "department_id", "stage_due_at")
    found: dict[int, dict[str, Any]] = {}
    for type_id, group in sorted(ids.items()):
        spec = current_generation().types_by_id.get(type_id)
        if spec is None:
            continue
        rows = spec.model._default_manager.filter(pk__in=group, deleted_at=None)
        found |= {row["id"]: {**row, "type_id": type_id} for row in rows.values(*columns)}
    return found


def tell(news: Sequence[StageNews]) -> None:
    """History (of what is late), the outbox, open screens, and reactions of other rooms."""
    if not news:
        return
    append(
        [
            NewEntry(Stream("record", each.record_id), each.phase.value, {}, at=now() - each.late_by)
            for each in news
            if each.phase is not Phase.SOON
        ],
        actor_id=None,
        cause={"kind": "deadline"},
    )
    publish(STAGE_DEADLINE, {"items": [news_json(each) for each in news]})
    touch_records(each.record_id for each in news)
    for react in deadline_reactions:
        react(news)


def news_json(news: StageNews) -> dict[str, Any]:
    """As the outbox carries it."""
    return {
        "phase": news.phase.value,
        "type": news.type_id,
        "id": news.record_id,
        "stage": news.stage_id,
        "owner": news.owner_id,
        "department": news.department_id,
        "due_at": news.due_at.isoformat(),
    }
