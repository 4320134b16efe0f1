"""Rules compiled and found by what they answer to, once a generation and type.

A change of rules makes a new generation, so what is kept here never has to be asked whether it still holds: a
write that concerns no rule asks the database nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from django.db.models import Model, Q

from trassa.automation.checking import BRANCH
from trassa.automation.models import Rule, RuleVersion
from trassa.automation.registries import step_kinds, trigger_kinds
from trassa.automation.types import CompiledRule, Instruction, Mirror
from trassa.expressions import Node, from_json
from trassa.schema.types import Label, TypeSpec

JUMP = "jump"
#: Behind the last instruction of every rule.
THE_END = 1_000_000


@dataclass(slots=True)
class Rulebook:
    """The active rules of one type."""

    #: All of them in their order.
    rules: list[CompiledRule] = field(default_factory=list)
    by_event: dict[str, list[CompiledRule]] = field(default_factory=lambda: defaultdict(list))
    #: Stage → rules for who enters it, who leaves it; 0 for any stage.
    entering: dict[int, list[CompiledRule]] = field(default_factory=lambda: defaultdict(list))
    leaving: dict[int, list[CompiledRule]] = field(default_factory=lambda: defaultdict(list))
    #: Physical column → rules that answer to its change; many-relations by their key.
    changing: dict[str, list[CompiledRule]] = field(default_factory=lambda: defaultdict(list))
    #: Columns of dates → rules whose timers follow them.
    dates: dict[str, list[CompiledRule]] = field(default_factory=lambda: defaultdict(list))
    #: Fields that are kept in step with other records, by physical column.
    mirrors: dict[str, list[Mirror]] = field(default_factory=lambda: defaultdict(list))


_books: WeakKeyDictionary[type[Model], Rulebook] = WeakKeyDictionary()


def rulebook_of(spec: TypeSpec) -> Rulebook:
    """The rules of a type in the generation that the spec belongs to."""
    book = _books.get(spec.model)
    if book is None:
        book = _books[spec.model] = load_rulebook(spec)
    return book


def load_rulebook(spec: TypeSpec) -> Rulebook:
    """Read and index the active rules that concern a type."""
    book = Rulebook()
    concerning = Q(type_id=spec.id) | Q(target_ids__contains=spec.id)
    rows = Rule.objects.filter(concerning, is_active=True, retired_at=None).order_by("position", "id")
    for row in rows:
        rule = compile_row(row)
        if row.type_id == spec.id:
            book.rules.append(rule)
            book.by_event[rule.event].append(rule)
            trigger_kinds.get(rule.event).index(rule, spec, book)
        for mirror in mirrors_of(rule):
            for column in mirror.columns(spec):
                book.mirrors[column].append(mirror)
    return book


def compile_row(row: Rule) -> CompiledRule:
    return compile_rule(row, row.version, row.label, row.definition, row.trees)


def find_version(rule_id: int, number: int) -> CompiledRule:
    """A rule as it was when somebody began with it."""
    row = Rule.objects.get(id=rule_id)
    if row.version == number:
        return compile_row(row)
    version = RuleVersion.objects.get(rule_id=rule_id, number=number)
    return compile_rule(row, number, version.label, version.definition, version.trees)


def compile_rule(
    row: Rule, version: int, label: Mapping[str, str], definition: Mapping[str, Any], trees: Mapping[str, Any]
) -> CompiledRule:
    """A version of a rule, ready to be carried out."""
    nodes = {text: from_json(tree) for text, tree in trees.items()}
    when = dict(definition["when"])
    event = when.pop("event")
    program: list[Instruction] = []
    append_steps(program, definition["steps"], nodes, "")
    return CompiledRule(
        id=row.id,
        code=row.code,
        label=Label(**label),
        version=version,
        type_id=row.type_id,
        position=row.position,
        event=event,
        settings=trigger_kinds.get(event).settings.model_validate(when),
        condition=nodes[definition["condition"]] if definition["condition"] else None,
        program=tuple(program),
        trees=nodes,
    )


def append_steps(
    program: list[Instruction], steps: Sequence[Mapping[str, Any]], trees: Mapping[str, Node], prefix: str
) -> None:
    """Lay steps out one behind the other; branches become jumps."""
    for number, step in enumerate(steps):
        [(name, given)] = step.items()
        place = f"{prefix}{number}"
        if name != BRANCH:
            settings = step_kinds.get(name).settings.model_validate(given)
            program.append(Instruction(name, place, settings))
            if condition := getattr(settings, "condition", ""):
                program.append(Instruction(BRANCH, place, condition=trees[condition], otherwise=THE_END))
            continue
        at = len(program)
        program.append(Instruction(BRANCH, place))
        append_steps(program, given.get("then", ()), trees, f"{place}.then.")
        leap = len(program)
        program.append(Instruction(JUMP, place))
        append_steps(program, given.get("otherwise", ()), trees, f"{place}.otherwise.")
        condition = trees[given["condition"]]
        program[at] = Instruction(BRANCH, place, condition=condition, otherwise=leap + 1)
        program[leap] = Instruction(JUMP, place, otherwise=len(program))


def mirrors_of(rule: CompiledRule) -> Iterator[Mirror]:
    """What the rule's steps keep in step with other records."""
    for place in range(len(rule.program)):
        if mirror := mirror_at(rule, place):
            yield mirror


def mirror_at(rule: CompiledRule, place: int) -> Mirror | None:
    """What the step at one place of the program keeps in step, if anything."""
    instruction = rule.program[place]
    if instruction.settings is None:
        return None
    return step_kinds.get(instruction.kind).mirror(rule, instruction)
