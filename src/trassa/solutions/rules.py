"""Rules as packs write them, and as the room `automation` keeps them."""

from collections.abc import Mapping
from typing import Any

from trassa.automation.queries import check_rule, draft_of, list_rules
from trassa.automation.types import RuleDraft
from trassa.schema.types import Generation, Label
from trassa.solutions.documents import Document
from trassa.solutions.errors import Problem
from trassa.solutions.format import Configuration, RuleEntry, Words


def rule_draft(entry: RuleEntry) -> RuleDraft:
    """What a file says, for `automation`."""
    return RuleDraft(
        code=entry.code,
        type=entry.type,
        label=Label(entry.label.ru, entry.label.en),
        when=entry.when,
        steps=entry.steps,
        condition=entry.condition or "",
        is_active=entry.active,
        position=entry.position,
    )


def installed_rules(generation: Generation) -> tuple[RuleEntry, ...]:
    """The rules in use as files write them."""
    found = []
    for row in list_rules():
        spec = generation.types_by_id.get(row.type_id)
        if spec is not None:
            found.append(rule_entry(draft_of(row, spec.code)))
    return tuple(found)


def rule_entry(draft: RuleDraft) -> RuleEntry:
    label = Words(ru=draft.label.ru or draft.label.en, en=draft.label.en)
    return RuleEntry(
        code=draft.code,
        type=draft.type,
        label=label,
        position=draft.position,
        active=draft.is_active,
        when=draft.when,
        condition=draft.condition or None,
        steps=tuple(draft.steps),
    )


def canonical_rules(
    configuration: Configuration, generation: Generation, documents: Mapping[str, Document]
) -> tuple[Configuration, list[Problem]]:
    """Rules with every expression in its one spelling, and what is wrong with them by file and line."""
    rules: list[RuleEntry] = []
    problems: list[Problem] = []
    for entry in configuration.rules:
        checked, _trees, faults = check_rule(rule_draft(entry), generation, with_people=False)
        rules.append(rule_entry(checked))
        document = documents[f"rules/{entry.code}.yaml"]
        for fault in faults:
            known: Any = fault.place
            while known and known not in document.lines:
                known = known[:-1]
            problems.append(document.problem(known, str(fault)))
    return configuration.model_copy(update={"rules": tuple(rules)}), problems
