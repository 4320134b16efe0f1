"""What a rule would have done: its trigger and condition against the history of the last month.

A record is looked at as it stood at each moment, and so are the records that its links led to. What history
does not tell is said to be unknown: lists of records, links of links, rules of the clock, buttons, calls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from trassa.access.queries import system_actor
from trassa.automation.models import Rule
from trassa.automation.rulebook import compile_row
from trassa.automation.types import CompiledRule
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
#: Triggers of which history tells.
KNOWN = ("created", "stage_entered", "stage_left", "changed")


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
    is_known: bool
    #: Whether more records changed than were looked at.
    is_partial: bool
    cases: Sequence[Case]

    def count(self, result: str) -> int:
        return sum(case.result == result for case in self.cases)


def rehearse(
    row: Rule, spec: TypeSpec, *, since: datetime | None = None, until: datetime | None = None
) -> Rehearsal:
    """Play a rule against history; nothing is written."""
    until = until or now()
    since = since or until - timedelta(days=DAYS)
    rule = compile_row(row)
    if rule.event not in KNOWN:
        return Rehearsal(since, until, is_known=False, is_partial=False, cases=())
    rows = spec.model._default_manager.filter(deleted_at=None, updated_at__gte=since).order_by("-updated_at")
    ids = list(rows.values_list("pk", flat=True)[: MAX_RECORDS + 1])
    entries = list_newest_entries("record", ids[:MAX_RECORDS], limit=MAX_ENTRIES)
    cases = [
        case
        for id, found in entries.items()
        for entry in found
        if since <= entry.at <= until and answers(rule, spec, entry)
        for case in [play(rule, spec, id, entry)]
    ]
    cases.sort(key=lambda case: case.at, reverse=True)
    return Rehearsal(since, until, is_known=True, is_partial=len(ids) > MAX_RECORDS, cases=cases)


def answers(rule: CompiledRule, spec: TypeSpec, entry: Entry) -> bool:
    """Whether the rule would have looked at what an entry of history tells."""
    settings: Any = rule.settings
    if rule.event == "created":
        pipeline = next((each.id for each in spec.pipelines if each.code == settings.pipeline), None)
        return entry.kind == "created" and pipeline in (None, entry.changes.get("pipeline", (None, None))[1])
    if rule.event == "changed":
        columns = {BASE_KEYS.get(code) or spec.by_code[code].column for code in settings.fields}
        return entry.kind != "created" and bool(columns & entry.changes.keys())
    old, new = entry.changes.get("stage", (None, None))
    stage = new if rule.event == "stage_entered" else old
    stages = {
        each.id
        for pipeline in spec.pipelines
        if settings.pipeline in ("", pipeline.code)
        for each in pipeline.stages
        if settings.stage in ("", each.code)
    }
    return old != new and stage in stages


#: Base columns whose past is known.
TOLD = ("owner_id", "department_id", "pipeline_id", "stage_id", "created_at", "title")
#: How history calls base columns.
BASE_KEYS = {"owner": "owner", "department": "department", "title": "title"}


def play(rule: CompiledRule, spec: TypeSpec, record_id: int, entry: Entry) -> Case:
    """Judge the condition as things stood right after an entry."""
    record = get_record(system_actor(), spec, record_id)
    result = "met"
    if rule.condition is not None:
        result = judge_then(rule.condition, spec, record, entry.at)
    return Case(record_id, record.title, entry.at, result)


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
