"""What rules did with a record, and why they did nothing, as a person may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.automation.checking import BRANCH
from trassa.automation.models import Run
from trassa.automation.registries import step_kinds
from trassa.automation.rulebook import find_version
from trassa.automation.types import CompiledRule
from trassa.expressions import Kind, Node, write
from trassa.people.queries import names_of
from trassa.records.queries.expressions import reader_scope, reader_style
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import SchemaScope, current_generation, mentions_of
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Label, Names, TypeSpec


@dataclass(frozen=True, slots=True)
class StepTrace:
    """What one step did, in words; `error` says why it did not."""

    kind: str
    place: str
    words: str
    error: str
    at: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One evaluation of a rule for a record."""

    id: int
    rule: str
    label: Label
    version: int
    event: str
    fired: bool
    state: str
    #: Why it fired or did not, as a sentence.
    why: str
    #: The condition, "" without one, and names with values that it looked at.
    condition: str
    values: Sequence[tuple[str, Any]]
    person_id: int | None
    cause: Mapping[str, Any]
    steps: Sequence[StepTrace]
    at: datetime
    ended_at: datetime | None


def list_traces(
    actor: Actor, spec: TypeSpec, record_id: int, *, before: int | None = None, limit: int = 50
) -> list[Trace]:
    """Evaluations for a record that the person sees, newest first."""
    rows = Run.objects.filter(record_id=record_id).select_related("rule").order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    versions: dict[tuple[int, int], CompiledRule] = {}
    traces = []
    for run in rows[:limit]:
        key = (run.rule_id, run.version)
        if key not in versions:
            versions[key] = find_version(*key)
        traces.append(make_trace(actor, spec, run, versions[key]))
    return traces


def make_trace(actor: Actor, spec: TypeSpec, run: Run, rule: CompiledRule) -> Trace:
    """A run in the words of its reader; what they may not see is left out."""
    shown = readable(actor, spec, rule.condition)
    condition = ""
    values: list[tuple[str, Any]] = []
    if rule.condition is not None and shown:
        condition = write(rule.condition, reader_scope(actor), spec.id, reader_style())
        values = told_values(spec, run.why.get("values", ()))
    told = told_in_words(spec, run.why.get("values", ())) if condition else ""
    return Trace(
        id=run.id,
        rule=rule.code,
        label=rule.label,
        version=run.version,
        event=run.event,
        fired=run.state != Run.State.SKIPPED,
        state=run.state,
        why=why_in_words(run.why, condition, told, hidden=rule.condition is not None and not shown),
        condition=condition,
        values=values,
        person_id=run.cause.get("person"),
        cause=run.cause,
        steps=[step_trace(actor, spec, step, rule) for step in run.steps],
        at=run.at,
        ended_at=run.ended_at,
    )


def readable(actor: Actor, spec: TypeSpec, node: Node | None) -> bool:
    """Whether the person sees every field that a condition looks at."""
    if node is None:
        return True
    generation = current_generation()
    fields = {field.id: field for each in generation for field in each.fields}
    return all(
        id in fields and actor.sees_field(fields[id])
        for id in mentions_of(node, generation, spec.id).field_ids
    )


def told_values(spec: TypeSpec, values: Sequence[tuple[Sequence[str], Any]]) -> list[tuple[str, Any]]:
    """Names and values as people read them: options and stages by their labels."""
    return [(path_label(spec, path), value_label(spec, path, value)) for path, value in values]


def path_label(spec: TypeSpec, path: Sequence[str]) -> str:
    """“Автомобиль.Цена”."""
    return ".".join(label for _field, label in fields_on(spec, path))


def fields_on(spec: TypeSpec, path: Sequence[str]) -> list[tuple[FieldSpec | None, str]]:
    """The fields on a path with their names; None for base columns and links back."""
    generation = current_generation()
    scope = SchemaScope(generation)
    found: list[tuple[FieldSpec | None, str]] = []
    at: TypeSpec | None = spec
    for key in path:
        members = scope.members(at.id) if at else ()
        member = next((each for each in members if each.key == key), None)
        field = at.by_id.get(int(key[2:])) if at and key.startswith("f_") else None
        label = str(Label(*member.names)) if member else "?"
        found.append((field, label))
        at = generation.types_by_id.get(member.target or 0) if member else None
    return found


def value_label(spec: TypeSpec, path: Sequence[str], value: Any) -> Any:
    """A stored value in words where it is an id."""
    generation = current_generation()
    match path[-1]:
        case "stage_id":
            stage = generation.stages_by_id.get(value or 0)
            return str(stage.label) if stage else value
        case "pipeline_id":
            pipeline = generation.pipelines_by_id.get(value or 0)
            return str(pipeline.label) if pipeline else value
    field = fields_on(spec, path)[-1][0]
    if field is not None and field_kinds.get(field.displayed.kind).with_options:
        ids = value if isinstance(value, list) else [value]
        labels = [str(option.label) for id in ids if (option := field.displayed.find_option(id or 0))]
        return ", ".join(labels) or None
    return value


def value_words(spec: TypeSpec, path: Sequence[str], value: Any) -> str:
    """A value of `told_values` as people read it: amounts, days, yes and no, people by name."""
    if value in (None, ""):
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = fields_on(spec, path)[-1][0]
    if field is None:
        return str(value)
    of, kind = field.displayed, field_kinds.get(field.displayed.kind)
    if kind.with_options or kind.with_target:
        return str(value)
    people = names_of([value]) if kind.expression is Kind.PERSON else {}
    try:
        return kind.cell(kind.parse(value, of), of, Names(people=people)) or str(value)
    except ValueRefused:
        return str(value)


def told_in_words(spec: TypeSpec, values: Sequence[tuple[Sequence[str], Any]]) -> str:
    """“Сумма = 12 950 000 ₽, Источник = Авито”."""
    return ", ".join(
        f"{name} = {value_words(spec, path, value)}"
        for (name, value), (path, _stored) in zip(told_values(spec, values), values, strict=True)
    )


def why_in_words(why: Mapping[str, Any], condition: str, told: str, *, hidden: bool) -> str:
    """Why a rule fired or did not."""
    result = str(why.get("result", ""))
    sentences = {
        "loop": _("Not again: the rule led here itself."),
        "late": _("The moment lay too far in the past."),
        "met": _("The condition was met"),
        "unmet": _("The condition was not met"),
        "error": _("The condition could not be computed"),
        "kept": _("A field that is kept in step has changed."),
    }
    if result == "met" and not condition and not hidden:
        return _("It happened, and there is no condition.")
    sentence = str(sentences.get(result, result))
    if not condition or result not in ("met", "unmet", "error"):
        return sentence
    return f"{sentence}: {condition} ({told})" if told else f"{sentence}: {condition}"


def step_trace(actor: Actor, spec: TypeSpec, step: Mapping[str, Any], rule: CompiledRule) -> StepTrace:
    """One step in words."""
    kind = str(step["step"])
    error = str(step.get("error", ""))
    hidden = [
        code
        for code in step.get("fields", ())
        if code in spec.by_code and not actor.sees_field(spec.by_code[code])
    ]
    step = {**step, "fields": [code for code in step.get("fields", ()) if code not in hidden]}
    if error:
        words, error = _("Failed"), error if actor.everything else _("An administrator sees why.")
    elif kind == BRANCH:
        words = branch_words(actor, spec, step, rule)
    else:
        known = step_kinds.find(kind)
        words = known.told(step, spec) if known else kind
    return StepTrace(kind, str(step["place"]), words, error, str(step["at"]))


def branch_words(actor: Actor, spec: TypeSpec, step: Mapping[str, Any], rule: CompiledRule) -> str:
    """Which way a branch took, with its condition and values, as far as the person may know them."""
    sentence = (
        _("The condition of the branch was met")
        if step["holds"]
        else _("The condition of the branch was not met")
    )
    conditions = (
        each.condition for each in rule.program if each.kind == BRANCH and each.place == step["place"]
    )
    node = next(conditions, None)
    if node is None or not readable(actor, spec, node):
        return sentence
    told = told_in_words(spec, step.get("values", ()))
    condition = write(node, reader_scope(actor), spec.id, reader_style())
    return f"{sentence}: {condition} ({told})" if told else f"{sentence}: {condition}"
