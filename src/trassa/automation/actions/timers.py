"""Timers are set, replaced and cancelled by key, and move with the date that they follow.

Everything is set-based: a batch of a thousand records costs as many statements as one record.
"""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from trassa.automation.models import Timer
from trassa.automation.moments import shifted
from trassa.automation.registries import timer_handlers
from trassa.automation.types import Anchor, NewTimer
from trassa.kernel import NotFound, now
from trassa.people.queries import CalendarBook, open_calendars, require_administrator
from trassa.people.types import Duration
from trassa.records.registries import Statement
from trassa.schema.queries import current_generation
from trassa.schema.types import BASE_COLUMNS

_COLUMNS = {
    "purpose": "text",
    "subject": "text",
    "payload": "jsonb",
    "record_id": "bigint",
    "anchor": "text",
    "anchor_type_id": "bigint",
    "offset": "text",
    "person_id": "bigint",
    "due_at": "timestamptz",
    "wake_at": "timestamptz",
}
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_GIVEN = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
_SETS = ", ".join(f'"{name}" = excluded."{name}"' for name in _COLUMNS if name not in ("purpose", "subject"))
_UPSERT = f"""
    INSERT INTO automation_timer ({_NAMES}, attempts, error)
    SELECT {_NAMES}, 0, '' FROM json_to_recordset(%s) AS given ({_GIVEN}) ORDER BY purpose, subject
    ON CONFLICT (purpose, subject) DO UPDATE SET {_SETS}, attempts = 0, error = ''
"""
_CANCEL = "DELETE FROM automation_timer WHERE purpose = %s AND subject = ANY(%s)"
_MOVE = """
    UPDATE automation_timer AS t SET due_at = given.due_at, wake_at = given.due_at, attempts = 0, error = ''
    FROM json_to_recordset(%s) AS given (id bigint, due_at timestamptz)
    WHERE t.id = given.id
"""
_ANCHORED = """
    SELECT id, anchor_type_id, record_id, anchor, "offset", person_id, due_at FROM automation_timer
    WHERE anchor <> '' AND {which} ORDER BY id
"""
#: Where a row of these says which record its timer follows.
RECORD = 2
_SLEEP = "UPDATE automation_timer SET wake_at = NULL WHERE record_id = ANY(%s)"
_AWAKE = "UPDATE automation_timer SET wake_at = due_at WHERE record_id = ANY(%s)"


Rows = Mapping[int, Mapping[str, Any]]


def set_timers(timers: Sequence[NewTimer], rows: Rows = MappingProxyType({})) -> None:
    """Set these timers, each in place of the one with its key, inside the caller's transaction.

    `rows` are records by id that need not be read for the dates of anchors.
    """
    if timers:
        with connection.cursor() as cursor:
            cursor.execute(*setting(timers, rows))


def setting(timers: Sequence[NewTimer], rows: Rows) -> Statement:
    """The statement that sets these timers; `rows` are records by id as for `set_timers`."""
    for timer in timers:
        timer_handlers.get(timer.purpose)
    anchors = [timer.anchor for timer in timers if timer.anchor is not None]
    missing = [anchor for anchor in anchors if anchor.record_id not in rows]
    moments = due_moments(anchors, {**read_bases(missing), **_given_bases(anchors, rows)})
    given = [_row(timer, moments.get(timer.anchor) if timer.anchor else timer.due_at) for timer in timers]
    return _UPSERT, [json.dumps(given, ensure_ascii=False)]


def cancel_timers(purpose: str, subjects: Iterable[str]) -> None:
    """Remove these timers, those that are there."""
    wanted = sorted(set(subjects))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(*cancelling(purpose, wanted))


def cancelling(purpose: str, subjects: Sequence[str]) -> Statement:
    """The statement that removes these timers."""
    return _CANCEL, [purpose, list(subjects)]


def retry_timer(id: int, *, actor_id: int) -> None:
    """Try a timer that failed again at once. Administrators only."""
    require_administrator(actor_id)
    if not Timer.objects.filter(id=id, attempts__gt=0).update(wake_at=now()):
        raise NotFound(_("There is no such timer any more."))


def _row(timer: NewTimer, due_at: datetime | None) -> dict[str, Any]:
    anchor = timer.anchor
    due = due_at.isoformat() if due_at else None
    return {
        "purpose": timer.purpose,
        "subject": timer.subject,
        "payload": timer.payload,
        "record_id": anchor.record_id if anchor else timer.record_id,
        "anchor": anchor.column if anchor else "",
        "anchor_type_id": anchor.type_id if anchor else None,
        "offset": str(anchor.offset) if anchor else "",
        "person_id": anchor.person_id if anchor else None,
        "due_at": due,
        "wake_at": None if timer.asleep else due,
    }


@dataclass(frozen=True, slots=True)
class Base:
    """What a timer needs of its record: the date that it follows, and whose time counts."""

    value: date | datetime | None
    owner_id: int | None
    department_id: int | None


Bases = Mapping[tuple[int, str], Base]


def read_bases(anchors: Iterable[Anchor]) -> Bases:
    """The dates of these anchors as they stand, by record and column; one query a type."""
    wanted: dict[int, tuple[set[int], set[str]]] = {}
    for anchor in anchors:
        ids, columns = wanted.setdefault(anchor.type_id, (set(), set()))
        ids.add(anchor.record_id)
        columns.add(anchor.column)
    found: dict[tuple[int, str], Base] = {}
    for type_id, (ids, columns) in sorted(wanted.items()):
        spec = current_generation().types_by_id.get(type_id)
        known = {*BASE_COLUMNS, *(field.column for field in spec.fields)} if spec else set()
        if spec is None or not columns & known:
            continue
        names = sorted(columns & known)
        rows = spec.model._default_manager.filter(pk__in=ids)
        for id, owner, department, *values in rows.values_list("pk", "owner_id", "department_id", *names):
            for name, value in zip(names, values, strict=True):
                found[id, name] = Base(value, owner, department)
    return found


def due_moments(anchors: Iterable[Anchor], bases: Bases) -> dict[Anchor, datetime | None]:
    """When timers with these anchors are due; None while there is no date, or no working time to count."""
    anchors = list(anchors)
    counts = any(anchor.offset.is_working or anchor.offset.unit == "day" for anchor in anchors)
    book = open_calendars() if counts else None
    return {anchor: _due(anchor, bases.get((anchor.record_id, anchor.column)), book) for anchor in anchors}


def _due(anchor: Anchor, base: Base | None, book: CalendarBook | None) -> datetime | None:
    if base is None or base.value is None:
        return None
    if book is None:
        return shifted(base.value, anchor.offset, None)
    owner, department = base.owner_id, base.department_id
    calendar = book.of(anchor.person_id) if anchor.person_id else book.of(owner, department)
    return shifted(base.value, anchor.offset, calendar)


def anchored_to(record_ids: Sequence[int]) -> Statement:
    """The statement that reads the timers that follow dates of these records."""
    return _ANCHORED.format(which="record_id = ANY(%s)"), [list(record_ids)]


def moving(timers: Sequence[tuple[Any, ...]], rows: Rows, only: Set[int] | None = None) -> list[Statement]:
    """The statements that bring timers, as read by `anchored_to`, in line with the dates that they follow.

    Those of `rows` need not be read. With `only`, timers that follow the time of others stay.
    """
    anchors = {
        id: Anchor(type_id, record_id, column, Duration.parse(offset), person_id)
        for id, type_id, record_id, column, offset, person_id, _due_at in timers
    }
    if not anchors:
        return []
    missing = [anchor for anchor in anchors.values() if anchor.record_id not in rows]
    bases = {**read_bases(missing), **_given_bases(anchors.values(), rows)}
    moments = due_moments(anchors.values(), bases)
    moved = [
        {"id": id, "due_at": due and due.isoformat()}
        for id, *_of, due_at in timers
        if (due := moments[anchors[id]]) != due_at and _concerns(anchors[id], bases, only)
    ]
    return [(_MOVE, [json.dumps(moved)])] if moved else []


def recount_timers(person_ids: Sequence[int] | None, *, after: int, limit: int) -> int:
    """Count the next timers behind id `after` that follow working time anew, of these people or of everybody.

    Gives the last id, 0 when there is none left.
    """
    which = """id IN (
        SELECT id FROM automation_timer
        WHERE id > %s AND anchor <> '' AND "offset" ~ 'working|day' ORDER BY id LIMIT %s
    )"""
    with connection.cursor() as cursor:
        cursor.execute(_ANCHORED.format(which=which) + " FOR UPDATE", [after, limit])
        timers = cursor.fetchall()
        for statement in moving(timers, {}, None if person_ids is None else set(person_ids)):
            cursor.execute(*statement)
    return int(timers[-1][0]) if timers else 0


def _given_bases(anchors: Iterable[Anchor], rows: Rows) -> Bases:
    return {
        (anchor.record_id, anchor.column): Base(
            row.get(anchor.column), row.get("owner_id"), row.get("department_id")
        )
        for anchor in anchors
        if (row := rows.get(anchor.record_id)) is not None
    }


def _concerns(anchor: Anchor, bases: Bases, people: Set[int] | None) -> bool:
    base = bases.get((anchor.record_id, anchor.column))
    return people is None or (anchor.person_id or (base.owner_id if base else None)) in people


def sleeping(record_ids: Sequence[int]) -> list[Statement]:
    """The statements by which timers of records in the bin wait until the records come back."""
    return [(_SLEEP, [sorted(record_ids)])] if record_ids else []


def waking(record_ids: Sequence[int]) -> list[Statement]:
    """The statements by which timers of records that came back from the bin go on.

    What fell due meanwhile is served late.
    """
    return [(_AWAKE, [sorted(record_ids)])] if record_ids else []
