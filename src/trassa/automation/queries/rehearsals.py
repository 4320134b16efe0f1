"""What a rule would have done: its trigger and condition against the history of the last month.

A record is looked at as it stood at each moment, and so are the records that its links led to. What history
does not tell is said to be unknown: lists of records, links of links, when a stage was due. Who would have
pressed a button, or what would have come in, cannot be known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from trassa.access.queries import system_actor
from trassa.automation.models import Rule
from trassa.automation.queries.rehearsed_moments import clock_moments, date_moments, dated_rows
from trassa.automation.rulebook import compile_row
from trassa.automation.types import CompiledRule, Phase
from trassa.expressions import Node, Path, compute_with, item_paths_of, paths_in
from trassa.journal import Entry, list_newest_entries
from trassa.kernel import NotFound, frozen, now
from trassa.records.queries import get_record
from trassa.records.queries.past import record_as_of
from trassa.records.queries.values import holds_numbers, plain
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

DAYS = 30
#: Records that changed last are looked at, and so many changes of each.
MAX_RECORDS, MAX_ENTRIES = 200, 60
#: Looks of a schedule that are played.
MAX_LOOKS = 300
#: Triggers of which history tells; deadlines and dates as far as `is_known` says.
KNOWN = ("created", "stage_entered", "stage_left", "changed", "schedule")


@dataclass(frozen=True, slots=True)
class Case:
    """One time at which the rule would have looked: `result` is "met", "unmet" or "unknown"."""

    record_id: int
    title: str
    at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came out; `is_known` is false where history does not tell of the rule's trigger."""

    since: datetime
    until: datetime
    event: str
    is_known: bool
    #: Whether there was more than was looked at.
    is_partial: bool
    cases: Sequence[Case]

    def count(self, result: str) -> int:
        return sum(case.result == result for case in self.cases)


#: Records with the moments at which the rule would have looked, newest first, and whether there are more.
Looks = tuple[list[tuple[Record, datetime]], bool]


def rehearse(
    row: Rule, spec: TypeSpec, *, since: datetime | None = None, until: datetime | None = None
) -> Rehearsal:
    """Play a rule against history; nothing is written."""
    until = min(until or now(), now())
    since = since or until - timedelta(days=DAYS)
    rule = compile_row(row)
    if not is_known(rule):
        return Rehearsal(since, until, rule.event, is_known=False, is_partial=False, cases=())
    find = {"date": looks_at_dates, "schedule": looks_by_clock}.get(rule.event, looks_at_changes)
    looks, is_partial = find(rule, spec, since, until)
    cases = [
        Case(record.id, record.title, at, judge_at(rule.condition, spec, record, at)) for record, at in looks
    ]
    cases.sort(key=lambda case: case.at, reverse=True)
    return Rehearsal(since, until, rule.event, is_known=True, is_partial=is_partial, cases=cases)


def is_known(rule: CompiledRule) -> bool:
    """Whether history tells when this rule would have looked."""
    settings: Any = rule.settings
    if rule.event == "date":
        return bool(settings.field != "stage_due_at")
    if rule.event == "overdue":
        return settings.phase is not Phase.SOON
    return rule.event in KNOWN


def looks_at_changes(rule: CompiledRule, spec: TypeSpec, since: datetime, until: datetime) -> Looks:
    """Changes and deadlines that history tells of."""
    rows = spec.model._default_manager.filter(deleted_at=None, updated_at__gte=since).order_by("-updated_at")
    found, entries, is_partial = read_newest(rows, spec)
    looks = [
        (record, entry.at)
        for record in found
        for entry in entries[record.id]
        if since <= entry.at <= until and answers(rule, spec, record, entry)
    ]
    return looks, is_partial


def looks_at_dates(rule: CompiledRule, spec: TypeSpec, since: datetime, until: datetime) -> Looks:
    """Dates that came while the records had them."""
    found, entries, is_partial = read_newest(dated_rows(rule, spec, since, until), spec)
    looks = [
        (record, moment)
        for record in found
        for moment in date_moments(rule, spec, record, entries[record.id])
        if since <= moment <= until
    ]
    return looks, is_partial


def looks_by_clock(rule: CompiledRule, spec: TypeSpec, since: datetime, until: datetime) -> Looks:
    """Every record that was there when the clock struck, the latest times first."""
    rows = spec.model._default_manager.filter(deleted_at=None).order_by("-updated_at")
    found, _entries, is_partial = read_newest(rows, spec)
    looks = [
        (record, moment)
        for moment in clock_moments(rule, since, until)
        for record in found
        if record.created_at <= moment
    ]
    return looks[:MAX_LOOKS], is_partial or len(looks) > MAX_LOOKS


def read_newest(rows: Any, spec: TypeSpec) -> tuple[list[Record], dict[int, list[Entry]], bool]:
    """The first of these records with their history, newest first, and whether there are more."""
    ids = list(rows.values_list("pk", flat=True)[: MAX_RECORDS + 1])
    known = ids[:MAX_RECORDS]
    entries = list_newest_entries("record", known, limit=MAX_ENTRIES)
    return [get_record(system_actor(), spec, id) for id in known], entries, len(ids) > MAX_RECORDS


def answers(rule: CompiledRule, spec: TypeSpec, record: Record, entry: Entry) -> bool:
    """Whether the rule would have looked at what an entry of history tells."""
    settings: Any = rule.settings
    if rule.event == "overdue":
        if entry.kind != settings.phase.value:
            return False
        then = record_as_of(system_actor(), spec, record, entry.at)
        return not (settings.pipeline or settings.stage) or then.stage_id in stages_meant(settings, spec)
    if rule.event == "created":
        pipeline = next((each.id for each in spec.pipelines if each.code == settings.pipeline), None)
        return entry.kind == "created" and pipeline in (None, entry.changes.get("pipeline", (None, None))[1])
    if rule.event == "changed":
        columns = {BASE_KEYS.get(code) or spec.by_code[code].column for code in settings.fields}
        return entry.kind != "created" and bool(columns & entry.changes.keys())
    old, new = entry.changes.get("stage", (None, None))
    stage = new if rule.event == "stage_entered" else old
    return old != new and stage in stages_meant(settings, spec)


def stages_meant(settings: Any, spec: TypeSpec) -> set[int]:
    """Ids of the stages that a rule names, of all when it names none."""
    return {
        each.id
        for pipeline in spec.pipelines
        if settings.pipeline in ("", pipeline.code)
        for each in pipeline.stages
        if settings.stage in ("", each.code)
    }


#: Base columns whose past is known.
TOLD = ("owner_id", "department_id", "pipeline_id", "stage_id", "created_at", "title")
#: How history calls base columns.
BASE_KEYS = {"owner": "owner", "department": "department", "title": "title"}


def judge_at(node: Node | None, spec: TypeSpec, record: Record, moment: datetime) -> str:
    """Judge a condition as things stood at a moment."""
    return "met" if node is None else judge_then(node, spec, record, moment)


def judge_then(node: Node, spec: TypeSpec, record: Record, moment: datetime) -> str:
    """Whether a condition held at a moment, as far as history tells."""
    if item_paths_of([node]):
        return "unknown"
    then = record_as_of(system_actor(), spec, record, moment)
    values: dict[Path, Any] = {}
    for path in paths_in(node):
        found = list(value_then(path, spec, then, moment))
        if not found:
            return "unknown"
        values[path] = found[0]
    with frozen(moment):
        return "met" if compute_with(node, reader_id=None)(values) is True else "unmet"


def value_then(path: Path, spec: TypeSpec, then: Record, moment: datetime) -> Iterator[Any]:
    """The value on a path of one or two steps; nothing where history does not tell."""
    if not is_told(path):
        return
    value = own_value(path[0], spec, then)
    if len(path) == 1:
        yield plain(value, is_number=holds_numbers(spec, path[0]))
        return
    field = spec.by_id.get(int(path[0][2:])) if path[0].startswith("f_") else None
    target = current_generation().types_by_id.get(field.target_type_id or 0) if field else None
    if len(path) > 2 or target is None or path[1].startswith("b_"):
        return
    if value is None:
        yield plain(None, is_number=holds_numbers(target, path[1]))
        return
    try:
        linked = get_record(system_actor(), target, value)
    except NotFound:
        return
    behind = record_as_of(system_actor(), target, linked, moment)
    yield plain(own_value(path[1], target, behind), is_number=holds_numbers(target, path[1]))


def is_told(path: Path) -> bool:
    """Whether history tells of every step of a path."""
    return all(key.startswith("f_") or key in TOLD for key in path)


def own_value(key: str, spec: TypeSpec, record: Record) -> Any:
    """A field or base column of a record."""
    if key.startswith("f_"):
        field = spec.by_id.get(int(key[2:]))
        return record.values.get(field.code) if field else None
    return getattr(record, key, None)
