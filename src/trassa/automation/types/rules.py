"""Rules: as files and editors write them, as they are carried out, and what kinds of triggers and steps are.

A definition is plain JSON in codes. A trigger is `{"event": "stage_entered", "stage": "won"}`, a step is
a mapping with one key, its kind: `{"set": {"fields": {"price": "=amount * 0.9"}}}`. A value that begins
with “=” is an expression, any other is taken as the API takes it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict

from trassa.automation.types.timers import Anchor
from trassa.expressions import Node
from trassa.kernel import now
from trassa.schema.types import Label, TypeSpec

if TYPE_CHECKING:
    from trassa.automation.checking import Checking

Json = Any


class Settings(BaseModel):
    """Base of what a trigger or a step is told: plain JSON in codes, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Setting → the one that says whether it means anything, and with which values; with none: any at all.
    needs: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]] = {}
    #: Setting → what can be chosen for it in a rule about a type, where the form of rules does not know.
    offers: ClassVar[Mapping[str, Callable[[TypeSpec], Sequence[tuple[str, str]]]]] = {}
    #: Setting → what its empty choice means, where that is not “any”.
    unsaid: ClassVar[Mapping[str, str | Promise]] = {}

    @classmethod
    def is_asked(cls, name: str, given: Mapping[str, Json]) -> bool:
        """Whether a setting means anything beside the others that are given."""
        if name not in cls.needs:
            return True
        other, values = cls.needs[name]
        value = given.get(other)
        return str(value) in values if values else bool(value)


class Words(Settings):
    """A text that people read, in the languages of the interface."""

    ru: str
    en: str = ""

    @property
    def label(self) -> Label:
        return Label(self.ru, self.en)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as somebody wrote it."""

    code: str
    type: str
    label: Label
    when: Mapping[str, Json]
    steps: Sequence[Mapping[str, Json]]
    #: An expression; "" means always.
    condition: str = ""
    is_active: bool = True
    position: int = 0

    @property
    def definition(self) -> dict[str, Json]:
        """What a version of the rule keeps."""
        return {"when": dict(self.when), "condition": self.condition, "steps": [*self.steps]}


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What is wrong at a place of a rule: ("steps", 0, "set", "fields", "price")."""

    place: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.place))}: {self.message}"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One step of a rule on the way through it.

    A branch goes on with the next instruction when its condition holds, else at `otherwise`; a jump goes on
    at `otherwise`.
    """

    kind: str
    #: Where the step stands in the rule: "2", "2.then.0".
    place: str
    settings: Settings | None = None
    condition: Node | None = None
    otherwise: int = 0


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A version of a rule, ready to be carried out."""

    id: int
    code: str
    label: Label
    version: int
    type_id: int
    position: int
    event: str
    settings: Settings
    condition: Node | None
    program: tuple[Instruction, ...]
    #: Text of an expression → its tree.
    trees: Mapping[str, Node]

    def tree(self, text: str) -> Node:
        """The tree of an expression that stands in the rule, with or without “=”."""
        return self.trees[text.removeprefix("=").strip()]


@dataclass(slots=True)
class Flight:
    """One run of a rule for one record while it is carried out."""

    rule: CompiledRule
    record_id: int
    person_id: int | None
    #: Rules that led here, each with its record, 0 for one of many: the guard against loops.
    chain: Sequence[Sequence[int]]
    run_id: int = 0
    place: int = 0
    #: What each step did.
    steps: list[dict[str, Json]] = field(default_factory=list)
    #: "flying" while steps follow one another, then as in `Run.State`.
    state: str = "flying"
    #: Set by a step that lets time pass.
    resumes_at: datetime | None = None
    #: The same, following a date of the record.
    anchor: Anchor | None = None
    #: What is known beside the record: the body of a web hook.
    given: Mapping[str, Json] = field(default_factory=dict)
    attempts: int = 0

    @property
    def instruction(self) -> Instruction:
        """The step that it has come to."""
        return self.rule.program[self.place]

    def tell(self, **did: Json) -> None:
        """Note what the present step did, for the trace; `StepKind.told` puts it into words."""
        step = self.instruction
        self.steps.append({"step": step.kind, "place": step.place, "at": now().isoformat(), **did})

    def stop(self) -> None:
        """No further step follows."""
        self.state = "done"


@dataclass(frozen=True, slots=True)
class Mirror:
    """Fields of two records that a rule keeps in step from the moment on at which it made the second one."""

    rule_id: int
    #: Which of the rule's steps.
    step: str
    source_type_id: int
    target_type: str
    #: Pairs of codes: of the source, of the target.
    pairs: Sequence[tuple[str, str]]
    label: Label

    def is_target(self, spec: TypeSpec) -> bool:
        return spec.code == self.target_type or (not self.target_type and spec.id == self.source_type_id)

    def columns(self, spec: TypeSpec) -> set[str]:
        """Physical columns of a type that take part."""
        codes = set()
        if spec.id == self.source_type_id:
            codes |= {mine for mine, _theirs in self.pairs}
        if self.is_target(spec):
            codes |= {theirs for _mine, theirs in self.pairs}
        return {spec.by_code[code].column for code in codes if code in spec.by_code}


def nothing_to_index(rule: CompiledRule, spec: TypeSpec, book: Any) -> None:
    """For triggers that no write pulls."""


def no_mirror(rule: CompiledRule, instruction: Instruction) -> Mirror | None:
    """For steps that keep nothing in step."""
    return None


@dataclass(frozen=True, slots=True)
class TriggerKind:
    """A kind of event that rules answer to."""

    label: str | Promise
    icon: str
    settings: type[Settings]
    #: Look at the names in the settings; gives them in their one spelling.
    check: "Callable[[Any, Checking], Settings]"
    #: When, in a few words of the reader's language.
    words: Callable[[Any, TypeSpec], str]
    #: Where a write finds rules of this kind.
    index: Callable[[CompiledRule, TypeSpec, Any], None] = nothing_to_index


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step. It gets all records that have come to it at once.

    `carry_out` writes inside the caller's transaction and never waits for the network; each flight tells what
    it did. It may refuse by raising an error of `kernel`: what it wrote is undone, the record's own change
    stays. A `slow` step is left to a job.
    """

    label: str | Promise
    icon: str
    settings: type[Settings]
    check: "Callable[[Any, Checking], Settings]"
    words: Callable[[Any, TypeSpec], str]
    carry_out: Callable[[Any, Sequence[Flight]], None]
    #: What `Flight.tell` noted, in words.
    told: Callable[[Mapping[str, Json], TypeSpec], str]
    slow: bool = False
    mirror: Callable[[CompiledRule, Instruction], Mirror | None] = no_mirror
