"""The write hook of rules: finds those that answer to a write and starts them, inside its transaction.

What no rule answers to costs a few look-ups in memory and no statement.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trassa.access.queries import Actor
from trassa.automation.actions.dates import follow_dates
from trassa.automation.actions.mirroring import keep_in_step, mirrored
from trassa.automation.actions.running import occasion_of, start_runs
from trassa.automation.rulebook import Rulebook, rulebook_of
from trassa.automation.types import CompiledRule
from trassa.records.registries import WrittenRecord
from trassa.records.types import GOING


def concerns_rules(written: Sequence[WrittenRecord]) -> bool:
    """Whether any rule answers to this write."""
    return any(
        next(answering(record), None) is not None
        or next(mirrored(record), None) is not None
        or is_dated(record)
        for record in written
    )


def is_dated(record: WrittenRecord) -> bool:
    """Whether the timers of a rule have to follow."""
    before = record.before or {}
    return any(before.get(key) != record.after.get(key) for key in rulebook_of(record.spec).dates)


def react(written: Sequence[WrittenRecord], actor: Actor, cause: Mapping[str, Any]) -> None:
    """Start every rule that answers to these writes, in the order of rules."""
    follow_dates(written)
    keep_in_step(written, actor, cause)
    found: dict[tuple[int, int, str], tuple[CompiledRule, str, list[WrittenRecord]]] = {}
    for record in written:
        for rule, event in answering(record):
            key = (rule.position, rule.id, event)
            found.setdefault(key, (rule, event, []))[2].append(record)
    for _key, (rule, event, records) in sorted(found.items(), key=lambda pair: pair[0]):
        occasion = occasion_of(event, actor, cause)
        start_runs(rule, records[0].spec, [record.id for record in records], occasion)


def answering(record: WrittenRecord) -> Iterator[tuple[CompiledRule, str]]:
    """Rules that answer to the write of one record, each with the event."""
    if record.change in GOING:
        return
    book = rulebook_of(record.spec)
    if not book.rules:
        return
    if record.change == "created":
        yield from ((rule, "created") for rule in book.by_event.get("created", ()))
    before = record.before or {}
    yield from stage_changes(book, before.get("stage_id"), record.after.get("stage_id"))
    if record.before is not None and book.changing:
        yield from ((rule, "changed") for rule in field_changes(book, record))


def stage_changes(book: Rulebook, old: int | None, new: int | None) -> Iterator[tuple[CompiledRule, str]]:
    """Rules for the stage that was left, then those for the one that was entered."""
    if old == new:
        return
    if old is not None and book.leaving:
        yield from ((rule, "stage_left") for stage in (old, 0) for rule in book.leaving.get(stage, ()))
    if new is not None and book.entering:
        yield from ((rule, "stage_entered") for stage in (new, 0) for rule in book.entering.get(stage, ()))


def field_changes(book: Rulebook, record: WrittenRecord) -> Iterator[CompiledRule]:
    """Rules for fields that have another value than before, each once."""
    told: set[int] = set()
    before, after = record.before or {}, record.after
    for column, rules in book.changing.items():
        if column in record.changed_links or before.get(column) != after.get(column):
            for rule in rules:
                if rule.id not in told:
                    told.add(rule.id)
                    yield rule
