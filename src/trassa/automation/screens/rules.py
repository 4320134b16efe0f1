"""Rules as robots under the stages of a pipeline, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from trassa.automation.checking import BRANCH
from trassa.automation.models import Rule, Sweep
from trassa.automation.queries import list_rules
from trassa.automation.queries.rules import sweeps_of
from trassa.automation.registries import step_kinds, trigger_kinds
from trassa.expressions import Node, from_json, write
from trassa.records.queries.expressions import reader_style
from trassa.records.queries.overdue import find_renewing
from trassa.schema.queries import SchemaScope, current_generation
from trassa.schema.types import Label, PipelineSpec, TypeSpec

#: Events that stand under a stage.
STAGED = ("stage_entered", "stage_left", "overdue", "button")


@dataclass(frozen=True, slots=True)
class StepView:
    """One step in words; a branch holds others."""

    icon: str
    words: str
    then: Sequence["StepView"] = ()
    otherwise: Sequence["StepView"] = ()


@dataclass(frozen=True, slots=True)
class RuleView:
    """One robot."""

    code: str
    label: str
    icon: str
    when: str
    condition: str
    steps: Sequence[StepView]
    is_active: bool
    #: Runs that failed and wait.
    failed: int = 0
    #: How far it has come with records that were there before it, while it is at it.
    progress: str = ""


@dataclass(frozen=True, slots=True)
class RuleColumn:
    """The robots of one stage; `code` is "" for those that stand under none."""

    code: str
    label: str
    color: str
    rules: list[RuleView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RulesScreen:
    """The robots of one pipeline of a type, or of a type without pipelines."""

    type_code: str
    label: str
    pipeline: str
    columns: Sequence[RuleColumn]
    count: int
    #: How far records have got the new deadlines of their stages, while they are being counted.
    progress: str = ""


def rules_screen(spec: TypeSpec, pipeline: PipelineSpec | None, failed: Mapping[int, int]) -> RulesScreen:
    """Every rule of a type, those of stages under the stages of this pipeline."""
    always = RuleColumn("", _("Whatever the stage"), "")
    columns = {"": always}
    for stage in pipeline.stages if pipeline else ():
        columns[stage.code] = RuleColumn(stage.code, str(stage.label), stage.color)
    rows = list_rules([spec.id])
    sweeps = sweeps_of(row.id for row in rows)
    for row in rows:
        place = column_of(row, pipeline)
        if place is not None:
            view = rule_view(row, spec, failed.get(row.id, 0), sweeps.get(row.id))
            columns.get(place, always).rules.append(view)
    return RulesScreen(
        type_code=spec.code,
        label=str(spec.plural),
        pipeline=pipeline.code if pipeline else "",
        columns=[*columns.values()],
        count=len(rows),
        progress=renewing_in_words(spec),
    )


def renewing_in_words(spec: TypeSpec) -> str:
    """How many records have the new deadlines of their stages; "" when all have."""
    found = find_renewing(spec)
    if found is None:
        return ""
    return _("Deadlines of stages are being counted: %(done)s of %(total)s.") % dict(
        zip(("done", "total"), found, strict=True)
    )


def sweep_in_words(sweep: Sweep | None) -> str:
    """How many of the records that were there before a rule it has looked at; "" when it is not at it."""
    if sweep is None:
        return ""
    if sweep.total is None:
        return _("Looks at the records that are there")
    return _("Looks at the records that are there: %(done)s of %(total)s") % {
        "done": sweep.done,
        "total": sweep.total,
    }


def column_of(row: Rule, pipeline: PipelineSpec | None) -> str | None:
    """The stage under which a rule stands; None when it belongs to another pipeline."""
    when = row.definition["when"]
    own = when.get("pipeline", "")
    if own and pipeline is not None and own != pipeline.code:
        return None
    if when["event"] not in STAGED or pipeline is None:
        return ""
    stages = when.get("stages") or [when.get("stage", "")]
    known = {stage.code for stage in pipeline.stages}
    if stages[0] and stages[0] not in known:
        return None
    return str(stages[0])


def rule_view(row: Rule, spec: TypeSpec, failed: int = 0, sweep: Sweep | None = None) -> RuleView:
    """A rule in words."""
    definition = row.definition
    trees = {text: from_json(tree) for text, tree in row.trees.items()}
    kind = trigger_kinds.get(definition["when"]["event"])
    condition = definition["condition"]
    return RuleView(
        code=row.code,
        label=str(Label(**row.label)),
        icon=kind.icon,
        when=when_in_words(definition["when"], spec),
        condition=in_words(trees[condition], spec) if condition else "",
        steps=[step_view(step, spec, trees) for step in definition["steps"]],
        is_active=row.is_active,
        failed=failed,
        progress=sweep_in_words(sweep),
    )


def when_in_words(when: Mapping[str, Any], spec: TypeSpec) -> str:
    """“переходит в «Показ»”."""
    kind = trigger_kinds.get(when["event"])
    given = {key: value for key, value in when.items() if key != "event"}
    return kind.words(kind.settings.model_validate(given), spec)


def in_words(node: Node, spec: TypeSpec) -> str:
    """An expression as its reader writes it."""
    return write(node, SchemaScope(current_generation()), spec.id, reader_style())


def step_view(step: Mapping[str, Any], spec: TypeSpec, trees: Mapping[str, Node]) -> StepView:
    [(name, given)] = step.items()
    if name == BRANCH:
        return StepView(
            "arrows-left-right",
            _("If %s") % in_words(trees[given["condition"]], spec),
            [step_view(each, spec, trees) for each in given.get("then", ())],
            [step_view(each, spec, trees) for each in given.get("otherwise", ())],
        )
    kind = step_kinds.get(name)
    return StepView(kind.icon, kind.words(kind.settings.model_validate(given), spec))
