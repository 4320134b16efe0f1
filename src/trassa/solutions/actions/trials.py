"""Tries a pack in a database that holds nothing else: `trassa pack test` makes one and throws it away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.expressions import (
    ErrorValue,
    ExpressionRefused,
    Kind,
    Node,
    NotInSql,
    compute_with,
    condition_in_sql,
    read,
    value_in_sql,
)
from trassa.kernel import Conflict, NotFound, TrassaError
from trassa.people.actions import create_person
from trassa.people.queries import find_role
from trassa.records.actions.write import write_records
from trassa.records.queries.cards import get_record
from trassa.records.queries.expressions import read_values, reader_scope
from trassa.records.types import Change, Outcome, Record, Write
from trassa.schema.actions.expressions import EXPRESSIONS
from trassa.schema.queries import SchemaScope, current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import TypeSpec
from trassa.solutions.actions.demo import load_demo
from trassa.solutions.actions.packs import apply_with_required
from trassa.solutions.cases import CaseEntry, StepEntry
from trassa.solutions.errors import PackConflict
from trassa.solutions.queries import list_installed, plan_all
from trassa.solutions.reader import Pack, read_pack
from trassa.solutions.trials import Trial, try_names
from trassa.solutions.words import name_of

#: For how many records an expression is computed.
_ASKED = 1_000
_CHANGES = {"create": Change.CREATE, "edit": Change.EDIT, "move": Change.MOVE}
_CAUSE: dict[str, Any] = {"kind": "pack"}


def try_pack(pack: str | Path) -> Iterator[Trial]:
    """Try a pack and those it requires, one trial after the other; the first that cannot go on ends it.

    Raises PackInvalid for files that cannot be read, Conflict where anything is set up already.
    """
    read_one = read_pack(pack)
    if list_installed() or current_generation().types:
        raise Conflict(_("Packs are tried in an empty database only."), code="not_empty")
    yield try_names(read_one.configuration)
    applied = _try_applying(read_one)
    yield applied
    if not applied.passed:
        return
    for case in read_one.cases:
        yield _try_case(case)
    if read_one.demo.is_dir():
        yield _try_demo(read_one)
    yield _try_expressions(read_one)


def _try_applying(pack: Pack) -> Trial:
    """The pack applies, and a second plan of it and those it requires changes nothing."""
    name = _("It applies, and a second plan is empty")
    try:
        applied = apply_with_required(pack, actor_id=None)
    except TrassaError as error:
        return Trial(name, 1, (str(error),))
    left = [f"{made.pack}: {step}" for made in plan_all(pack.folder) for step in made.steps]
    return Trial(name, sum(len(made.steps) for made in applied), tuple(left))


# Expressions


def _try_expressions(pack: Pack) -> Trial:
    """Every condition and formula can be computed, and asked of the database when it can be asked at all.

    Comes last, so that it has the records of the demo to compute for.
    """
    generation = current_generation()
    problems = []
    count = 0
    for type in pack.configuration.types:
        spec = generation.types[type.code]
        for place, node in _expressions_of(spec):
            count += 1
            try:
                compute_with(node)
                with transaction.atomic():
                    _ask(spec, node)
            except (TrassaError, ArithmeticError, DatabaseError) as error:
                problems.append(f"{place}: {error}")
    return Trial(_("Expressions can be computed"), count, tuple(problems))


def _expressions_of(spec: TypeSpec) -> Iterator[tuple[str, Node]]:
    """The expressions of a type's fields, card and pipelines, each with its place."""
    for each in spec.fields:
        for name in EXPRESSIONS:
            if (node := getattr(each, name)) is not None:
                yield f"{spec.code}.{each.code}.{name}", node
    for tab in spec.layouts.card:
        for condition in (tab.visible_when, *(section.visible_when for section in tab.sections)):
            if condition is not None:
                yield f"{spec.code}.{tab.code}", condition
    for pipeline in spec.pipelines:
        for stage in pipeline.stages:
            for entry in stage.enter_when:
                yield f"{pipeline.code}.{stage.code}.{entry.code}", entry.condition


def _ask(spec: TypeSpec, node: Node) -> None:
    """Ask the database for an expression's value for many records; what it cannot ask is left out."""
    scope = SchemaScope(current_generation())
    try:
        found = (condition_in_sql if node.kind is Kind.BOOLEAN else value_in_sql)(node, scope, spec.id)
    except NotInSql:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {found.text} FROM {spec.table} LIMIT {_ASKED}", found.parameters)


# Cases


class _Failed(Exception):
    """A step did not go as the case says; the message says how."""


@dataclass(slots=True)
class _Story:
    """A case on its way."""

    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def take(self, step: StepEntry) -> None:
        """Carry out one step; raises _Failed or TrassaError when it does not go as it says."""
        actor = self.actor(step.by)
        if step.verb == "check":
            self.check(step, actor)
            return
        type, id = (step.subject, None) if step.verb == "create" else self.record(step.subject)
        outcome = self.write(step, type, id, actor)
        self.judge(step, outcome)
        if step.verb == "create" and outcome.id is not None and step.name:
            self.ids[step.name] = (type, outcome.id)

    def actor(self, role: str | None) -> Actor:
        """Somebody in this role."""
        if role is None:
            return system_actor()
        if role not in self.actors:
            row = find_role(role)
            if row is None:
                raise _Failed(_("There is no role “%(code)s”.") % {"code": role})
            person = create_person(login=f"test-{role}", name=role, roles=[row], actor_id=None)
            self.actors[role] = actor_of(person)
        return self.actors[role]

    def record(self, name: str) -> tuple[str, int]:
        if name not in self.ids:
            known = ", ".join(self.ids) or "—"
            message = _("No record of this case is named “%(name)s”; named are: %(known)s.")
            raise _Failed(message % {"name": name, "known": known})
        return self.ids[name]

    def write(self, step: StepEntry, type: str, id: int | None, actor: Actor) -> Outcome:
        spec = current_generation().types.get(type)
        if spec is None:
            raise _Failed(_("There is no type “%(code)s”.") % {"code": type})
        write = Write(
            change=_CHANGES[step.verb],
            type=type,
            id=id,
            fields={code: self.value(spec, code, value) for code, value in step.fields.items()},
            pipeline=step.pipeline,
            stage=step.stage,
            reason=step.reason,
        )
        [outcome] = write_records([write], actor=actor, cause=_CAUSE, atomic=False)
        return outcome

    def value(self, spec: TypeSpec, code: str, value: Any) -> Any:
        """A value as the write path takes it: names of records become their ids."""
        known = spec.by_code.get(code)
        if known is None or known.target_type_id is None or value is None:
            return value
        if isinstance(value, list):
            return [self.record(str(name))[1] for name in value]
        return self.record(str(value))[1]

    def judge(self, step: StepEntry, outcome: Outcome) -> None:
        """Whether the step was refused or carried out as the case says."""
        if step.refused is None:
            if outcome.error is not None:
                raise outcome.error
            return
        if outcome.error is None:
            raise _Failed(_("It should have been refused, but was done."))
        errors = getattr(outcome.error, "errors", ())
        named = {name for each in errors for name in (each.field, each.code)}
        missing = [code for code in step.refused if code not in named]
        if missing:
            message = _("It was refused, but not for %(missing)s: %(error)s")
            raise _Failed(message % {"missing": ", ".join(missing), "error": outcome.error})

    def check(self, step: StepEntry, actor: Actor) -> None:
        type, id = self.record(step.subject)
        spec = current_generation().types[type]
        try:
            record = get_record(actor, spec, id)
        except NotFound:
            if step.unseen:
                return
            raise
        if step.unseen:
            raise _Failed(_("It should not be seen."))
        self.compare(step, spec, record)
        seen = [code for code in step.masked if code in record.values]
        if seen:
            raise _Failed(_("These fields should not be seen: %(fields)s.") % {"fields": ", ".join(seen)})
        for text in step.holds:
            self.hold(actor, spec, id, text)

    def compare(self, step: StepEntry, spec: TypeSpec, record: Record) -> None:
        """Whether the record has the values and stands where the case says."""
        generation = current_generation()
        stage = generation.stages_by_id.get(record.stage_id or 0)
        if step.stage is not None and (stage is None or stage.code != step.stage):
            found = stage.code if stage else "—"
            raise _Failed(_("Stage is “%(found)s”.") % {"found": found})
        for code, expected in step.fields.items():
            known = spec.by_code.get(code)
            if known is None or code not in record.values:
                raise _Failed(_("There is no field “%(code)s”.") % {"code": code})
            found = field_kinds.get(known.kind).to_json(record.values[code], known)
            if found != self.value(spec, code, expected):
                values = {"code": code, "found": found, "expected": expected}
                raise _Failed(_("%(code)s is %(found)r instead of %(expected)r.") % values)

    def hold(self, actor: Actor, spec: TypeSpec, id: int, text: str) -> None:
        """Whether an expression is true for a record, as the actor computes it."""
        try:
            node = read(text, reader_scope(actor), spec.id)
        except ExpressionRefused as refusal:
            raise _Failed(f"{text}: {refusal}") from None
        found = compute_with(node, reader_id=actor.id)(read_values(actor, spec, id, node))
        if found is not True:
            shown = str(found) if isinstance(found, ErrorValue) else repr(found)
            raise _Failed(_("“%(text)s” does not hold: %(found)s.") % {"text": text, "found": shown})


def _try_case(case: CaseEntry) -> Trial:
    """One case; its records and people are gone afterwards."""
    story = _Story()
    problems: list[str] = []
    with transaction.atomic():
        for index, step in enumerate(case.steps):
            try:
                story.take(step)
            except (_Failed, TrassaError) as error:
                words = {"number": index + 1, "verb": step.verb, "subject": step.subject}
                told = "; ".join(_said(error))
                problems.append(
                    _("step %(number)s, %(verb)s %(subject)s: %(error)s") % {**words, "error": told}
                )
                break
        transaction.set_rollback(True)
    name = name_of({"label": case.test.model_dump()})
    return Trial(name, len(case.steps), tuple(problems))


def _said(error: Exception) -> Iterable[str]:
    """What an error says about each field, or as a whole."""
    errors = getattr(error, "errors", ())
    return [f"{each.field}: {each.message}" for each in errors] or [str(error)]


def _try_demo(pack: Pack) -> Trial:
    """The demo data of the pack and of those it requires load."""
    name = _("Demo data load")
    try:
        report = load_demo(pack.folder)
    except (TrassaError, PackConflict) as error:
        return Trial(name, 0, (str(error),))
    return Trial(name, report.records + report.changes)
