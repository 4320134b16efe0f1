"""Looks at a rule against a schema: names that are not there, expressions that cannot be read.

What comes out has every expression in its one spelling and carries the trees. With trees given nothing is
read anew: that tells whether a rule still works in a generation to be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from trassa.automation.registries import step_kinds, trigger_kinds
from trassa.automation.types import RuleDraft, RuleFault, Settings
from trassa.expressions import ExpressionRefused, Kind, Node, read, write
from trassa.kernel import Invalid
from trassa.people.queries import find_department, find_person_by_login, find_role
from trassa.people.types import Duration
from trassa.schema.actions.expressions import CONDITION, default_kinds
from trassa.schema.queries import SchemaScope, mentions_of
from trassa.schema.types import FieldSpec, Generation, PipelineSpec, StageSpec, TypeSpec

#: The branch is the one step that holds others.
BRANCH = "branch"
MAX_STEPS = 50
#: How secrets are named in rules; their values are never there.
SECRET_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass
class Checking:
    """One look at one rule."""

    generation: Generation
    spec: TypeSpec
    #: Text → tree of every expression; filled while texts are read.
    trees: dict[str, Node] = field(default_factory=dict)
    #: Trees are given and only looked at.
    known: bool = False
    #: Whether people and roles count too; a pack may bring its roles with the rule.
    with_people: bool = True
    faults: list[RuleFault] = field(default_factory=list)
    place: tuple[str | int, ...] = ()

    @contextmanager
    def at(self, *place: str | int) -> Iterator[None]:
        """Everything said inside the block is about this place of the rule."""
        before = self.place
        self.place = (*before, *place)
        try:
            yield
        finally:
            self.place = before

    def fault(self, message: str) -> None:
        self.faults.append(RuleFault(self.place, message))

    def formula(self, text: str, expected: Sequence[Kind] | None = None) -> str:
        """An expression about the rule's type in its one spelling."""
        if self.known:
            node = self.trees.get(text)
            if node is None or mentions_of(node, self.generation, self.spec.id).is_broken:
                self.fault(_("“%s” uses what is not there any more.") % text)
            return text
        scope = SchemaScope(self.generation)
        try:
            node = read(text, scope, self.spec.id, expected=expected)
        except ExpressionRefused as refusal:
            self.fault(str(refusal))
            return text
        written = write(node, scope, self.spec.id, "codes")
        self.trees[written] = node
        return written

    def condition(self, text: str) -> str:
        return self.formula(text, CONDITION) if text.strip() else ""

    def value(self, raw: Any, field: FieldSpec) -> Any:
        """What a field is to get: an expression behind “=” or a plain value."""
        if isinstance(raw, str) and raw.startswith("="):
            return f"={self.formula(raw[1:].strip(), default_kinds(field) or None)}"
        return raw

    def field_of(self, spec: TypeSpec, code: str) -> FieldSpec | None:
        found = spec.by_code.get(code)
        if found is None:
            values = {"type": spec.label, "code": code}
            self.fault(_("“%(type)s” has no field “%(code)s”.") % values)
        return found

    def person_field(self, code: str) -> None:
        """A field of the rule's type that names somebody."""
        found = self.field_of(self.spec, code)
        if found is not None and found.kind != "person":
            self.fault(_("“%s” does not name a person.") % found.label)

    def values(self, spec: TypeSpec, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Values of fields of a type."""
        checked = {}
        for code, raw in fields.items():
            with self.at(code):
                found = self.field_of(spec, code)
                if found is not None and found.formula is not None:
                    self.fault(_("“%s” is worked out by a formula.") % found.label)
                checked[code] = self.value(raw, found) if found else raw
        return checked

    def type_of(self, code: str) -> TypeSpec | None:
        found = self.generation.types.get(code)
        if found is None:
            self.fault(_("There is no type “%s”.") % code)
        return found

    def pipeline_of(self, spec: TypeSpec, code: str) -> PipelineSpec | None:
        """A pipeline of a type; "" is none in particular."""
        if not code:
            return None
        found = self.generation.pipelines.get(code)
        if found is None or found.type_id != spec.id:
            self.fault(_("“%(type)s” has no pipeline “%(code)s”.") % {"type": spec.label, "code": code})
            return None
        return found

    def stage_of(self, spec: TypeSpec, pipeline: str, code: str) -> StageSpec | None:
        """A stage of a type's pipeline, of any pipeline when none is said; "" is none in particular."""
        if not code:
            return None
        chosen = self.pipeline_of(spec, pipeline)
        among = [chosen] if chosen else spec.pipelines
        found = next((stage for each in among for stage in each.stages if stage.code == code), None)
        if found is None:
            self.fault(_("There is no stage “%s”.") % code)
        return found

    def role(self, code: str) -> None:
        if self.with_people and code and find_role(code) is None:
            self.fault(_("There is no role “%s”.") % code)

    def department(self, code: str) -> None:
        if self.with_people and code and find_department(code) is None:
            self.fault(_("There is no department “%s”.") % code)

    def person(self, login: str) -> None:
        if self.with_people and login and find_person_by_login(login) is None:
            self.fault(_("There is no person “%s”.") % login)

    def duration(self, text: str) -> str:
        try:
            return str(Duration.parse(text))
        except Invalid as refusal:
            self.fault(str(refusal))
            return text

    def draft(self, draft: RuleDraft) -> RuleDraft:
        """The whole rule in its one spelling."""
        with self.at("condition"):
            condition = self.condition(draft.condition)
        with self.at("when"):
            when = self._when(draft.when)
        with self.at("steps"):
            steps = self.steps(draft.steps)
        if not self.faults and len(list(all_steps(steps))) > MAX_STEPS:
            self.fault(_("A rule has at most %s steps.") % MAX_STEPS)
        return replace(draft, when=when, condition=condition, steps=steps)

    def _when(self, when: Mapping[str, Any]) -> dict[str, Any]:
        event = str(when.get("event", ""))
        kind = trigger_kinds.find(event)
        if kind is None:
            self.fault(_("There is no event “%s”.") % event)
            return dict(when)
        settings = self.read(kind.settings, {key: value for key, value in when.items() if key != "event"})
        if settings is None:
            return dict(when)
        return {"event": event, **plain(kind.check(settings, self))}

    def steps(self, steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        checked = []
        for number, step in enumerate(steps):
            with self.at(number):
                checked.append(self._step(step))
        return checked

    def _step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        if len(step) != 1:
            self.fault(_("A step says one thing: its kind with its settings."))
            return dict(step)
        [(name, given)] = step.items()
        if name == BRANCH:
            return {BRANCH: self._branch(given)}
        kind = step_kinds.find(name)
        if kind is None:
            self.fault(_("There is no step “%s”.") % name)
            return dict(step)
        with self.at(name):
            settings = self.read(kind.settings, given)
            return {name: plain(kind.check(settings, self)) if settings is not None else given}

    def _branch(self, given: Any) -> dict[str, Any]:
        with self.at(BRANCH):
            if not isinstance(given, Mapping) or given.keys() - {"condition", "then", "otherwise"}:
                self.fault(_("A branch has `condition`, `then` and `otherwise`."))
                return given if isinstance(given, dict) else {}
            with self.at("condition"):
                text = str(given.get("condition", ""))
                condition = self.formula(text, CONDITION)
            checked: dict[str, Any] = {"condition": condition}
            for part in ("then", "otherwise"):
                with self.at(part):
                    if given.get(part):
                        checked[part] = self.steps(given[part])
            return checked

    def read(self, model: type[Settings], given: Any) -> Settings | None:
        """The settings, or None with faults."""
        try:
            return model.model_validate(given or {})
        except ValidationError as error:
            for each in error.errors():
                with self.at(*each["loc"]):
                    self.fault(str(each["msg"]))
            return None


def plain(settings: Settings) -> dict[str, Any]:
    """Settings as JSON without what goes without saying."""
    return settings.model_dump(mode="json", exclude_defaults=True)


def all_steps(steps: Any) -> Iterator[tuple[str, Any]]:
    """Every step of a rule with its kind, those inside branches too; what is no step is passed over."""
    for step in steps if isinstance(steps, Sequence) else ():
        for name, given in step.items() if isinstance(step, Mapping) else ():
            yield name, given
            if name == BRANCH and isinstance(given, Mapping):
                for part in ("then", "otherwise"):
                    yield from all_steps(given.get(part, ()))


def check_rule(
    draft: RuleDraft, generation: Generation, *, with_people: bool = True
) -> tuple[RuleDraft, dict[str, Node], list[RuleFault]]:
    """A rule in its one spelling, the trees of its expressions, and what is wrong with it."""
    spec = generation.types.get(draft.type)
    if spec is None:
        return draft, {}, [RuleFault(("type",), _("There is no type “%s”.") % draft.type)]
    checking = Checking(generation, spec, with_people=with_people)
    checked = checking.draft(draft)
    return checked, checking.trees, checking.faults
