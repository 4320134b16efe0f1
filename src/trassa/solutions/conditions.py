"""Carries out the conditions of a plan: expressions are read once everything that they mention is there."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from trassa.expressions import ExpressionRefused, Node
from trassa.schema.actions import PipelineDraft, SchemaChange
from trassa.schema.actions.expressions import EXPRESSIONS
from trassa.schema.types import EntryCondition, Label
from trassa.solutions.format import FieldEntry, PipelineEntry, TypeEntry


def withdrawn_expressions(entry: FieldEntry, before: FieldEntry) -> dict[str, None]:
    """Expressions that a field has and shall not have; they go first, so that others can take their place."""
    return {
        name: None
        for name in EXPRESSIONS
        if getattr(entry, name) is None and getattr(before, name) is not None
    }


def save_expressions(
    change: SchemaChange, entries: Iterable[TypeEntry], here: Mapping[str, TypeEntry]
) -> None:
    """Give fields the conditions and formulas that are new or have changed.

    First those by which lookups stay: from then on they are fields of their own, also in other expressions.
    """
    entries = list(entries)
    for staying in (True, False):
        found: list[tuple[str, str, Any]] = []
        for entry in entries:
            before = {each.code: each for each in here[entry.code].fields} if entry.code in here else {}
            for each in entry.fields:
                names = [name for name in EXPRESSIONS if is_for_staying(each, name) is staying]
                read = read_changed(change, entry.code, each, before.get(each.code), names)
                if read:
                    found.append((entry.code, each.code, read))
        for type_code, code, read in found:
            change.change_field(type_code, code, **read)


def is_for_staying(field: FieldEntry, name: str) -> bool:
    """Whether an expression of a field makes it a lookup that stays."""
    return name == "frozen_when" and field.shows is not None


def read_changed(
    change: SchemaChange,
    type_code: str,
    entry: FieldEntry,
    before: FieldEntry | None,
    names: Iterable[str],
) -> dict[str, Node]:
    """Those of these expressions of a field that are not installed like this."""
    wanted = {name: getattr(entry, name) for name in names if getattr(entry, name) is not None}
    return {
        name: change.read_default(type_code, entry.code, text)
        if name in ("default_formula", "formula")
        else change.read_condition(type_code, text)
        for name, text in wanted.items()
        if before is None or getattr(before, name) != text
    }


def read_condition(change: SchemaChange, type_code: str, text: str | None) -> Node | None:
    """A condition that may be absent."""
    return None if text is None else change.read_condition(type_code, text)


def save_pipeline(change: SchemaChange, entry: PipelineEntry, draft: PipelineDraft) -> None:
    """Save a pipeline with the conditions of its stages; they may speak of stages that are made with it."""
    try:
        whole = with_conditions(change, entry, draft)
    except ExpressionRefused:
        change.save_pipeline(entry.type, draft)
        whole = with_conditions(change, entry, draft)
    change.save_pipeline(entry.type, whole)


def with_conditions(change: SchemaChange, entry: PipelineEntry, draft: PipelineDraft) -> PipelineDraft:
    """The draft of a pipeline with the conditions of its stages."""
    stages = tuple(
        replace(
            stage,
            enter_when=tuple(
                EntryCondition(
                    each.code,
                    change.read_condition(entry.type, each.condition),
                    Label(each.message.ru, each.message.en),
                )
                for each in described.enter_when
            ),
        )
        for stage, described in zip(draft.stages, entry.stages, strict=True)
    )
    return replace(draft, stages=stages)
