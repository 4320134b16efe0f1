"""Changing many records on screen: what the dialog asks for, and a run in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.kernel import FieldError
from trassa.people.queries import names_of
from trassa.records.models import BulkRun
from trassa.records.queries.bulk_runs import Problem
from trassa.records.queries.forms import texts_of
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.controls import Control, ControlMaker, editable_fields, ids_typed
from trassa.records.types import Change
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, PipelineSpec, StageSpec, TypeSpec
from trassa.ui import date_exact, date_short

#: What the buttons of a selection do, with the right that each asks for.
ACTS = MappingProxyType({"edit": Verb.EDIT, "move": Verb.MOVE, "owner": Verb.EDIT, "bin": Verb.DELETE})
#: Between the codes of pipeline and stage in the value of a select.
_BETWEEN = ":"


@dataclass(frozen=True, slots=True)
class Place:
    """A stage that records can be moved to; `value` is "pipeline:stage"."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in words, with what can be done with it."""

    id: int
    title: str
    list_url: str
    at: str
    at_exact: str
    state: str
    words: str
    done: int
    total: int
    url: str
    content_url: str
    cancel_url: str
    undo_url: str
    is_working: bool


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A record that was refused or left."""

    title: str
    url: str
    reason: str


def possible_acts(actor: Actor, spec: TypeSpec) -> list[str]:
    """What this person may do with any records of the type."""
    return [
        act
        for act, verb in ACTS.items()
        if (act != "move" or spec.pipelines) and not actor.reach(verb, spec).nothing
    ]


def changeable_fields(actor: Actor, spec: TypeSpec) -> list[FieldSpec]:
    """Fields that can be given one value in many records."""
    return [field for field in editable_fields(actor, spec) if field.kind != "files"]


def find_place(spec: TypeSpec, value: str) -> tuple[PipelineSpec, StageSpec] | None:
    """The pipeline and the stage that a select names."""
    pipeline_code, _between, stage_code = value.partition(_BETWEEN)
    for pipeline in spec.pipelines:
        for stage in pipeline.stages:
            if (pipeline.code, stage.code) == (pipeline_code, stage_code):
                return pipeline, stage
    return None


def make_places(actor: Actor, spec: TypeSpec, chosen: str, pipeline: str) -> list[Place]:
    """Stages to choose from, of one pipeline when the list is limited to it."""
    shown = [each for each in spec.pipelines if not pipeline or each.code == pipeline]
    return [
        Place(
            f"{each.code}{_BETWEEN}{stage.code}",
            str(stage.label) if len(shown) == 1 else f"{each.label} · {stage.label}",
            chosen == f"{each.code}{_BETWEEN}{stage.code}",
        )
        for each in shown
        if not actor.reach(Verb.MOVE, spec, each).nothing
        for stage in each.stages
    ]


def stage_fields(actor: Actor, spec: TypeSpec, stage: StageSpec) -> list[FieldSpec]:
    """Fields that a stage asks for and that can be given one value."""
    return [field for field in changeable_fields(actor, spec) if field.id in stage.required_field_ids]


def make_controls(
    actor: Actor, fields: Sequence[FieldSpec], asked: QueryDict, faults: Sequence[FieldError]
) -> list[Control]:
    """Controls of fields with what was typed."""
    wanted = NamesWanted()
    for field in fields:
        wanted.add_value(field, ids_typed(field, asked.getlist(field.code)))
    make = ControlMaker(wanted.read(actor))
    said = {each.field: str(each.message) for each in faults}
    return [
        make.of_text(field, texts_of(field, asked) or [""], error=said.get(field.code, ""), required=False)
        for field in fields
    ]


def make_run_line(run: BulkRun) -> RunLine:
    """A run as its page and the list of runs show it."""
    spec = current_generation().types_by_id.get(run.type_id)
    undoing = run.state == BulkRun.State.UNDOING
    return RunLine(
        id=run.pk,
        title=f"{spec.plural}: {wish_in_words(run, spec)}" if spec else "",
        list_url=reverse("records:list", args=[spec.code]) if spec else "",
        at=date_short(run.created_at),
        at_exact=date_exact(run.created_at),
        state=run.state,
        words=words_of(run),
        done=run.returned + run.kept if undoing else run.done,
        total=run.changed if undoing else run.total,
        url=reverse("records:bulk_run", args=[run.pk]),
        content_url=reverse("records:bulk_run_content", args=[run.pk]),
        cancel_url=reverse("records:cancel_bulk_run", args=[run.pk])
        if run.state == BulkRun.State.RUNNING
        else "",
        undo_url=reverse("records:undo_bulk_run", args=[run.pk]) if run.is_undoable else "",
        is_working=run.is_working,
    )


def wish_in_words(run: BulkRun, spec: TypeSpec) -> str:
    """What was asked for."""
    wish: dict[str, Any] = run.wish
    if run.change == Change.BIN:
        return _("into the bin")
    if run.change == Change.RESTORE:
        return _("out of the bin")
    if run.change == Change.MOVE:
        found = find_place(spec, f"{wish['pipeline']}{_BETWEEN}{wish['stage']}")
        return _("move to “%(stage)s”") % {"stage": found[1].label if found else wish["stage"]}
    parts = [str(field.label) for code in wish["fields"] if (field := spec.by_code.get(code))]
    if wish["owner"] is not None:
        owner = names_of([wish["owner"]]).get(wish["owner"], "")
        parts.append(_("hand over to %(name)s") % {"name": owner})
    return ", ".join(parts)


def words_of(run: BulkRun) -> str:
    """How a run stands."""
    if run.state == BulkRun.State.FAILED:
        return run.problem
    if run.state in (BulkRun.State.UNDOING, BulkRun.State.UNDONE):
        parts = [_("Taken back: %s") % run.returned]
        if run.kept:
            parts.append(_("left as they are: %s") % run.kept)
        return ", ".join(parts)
    parts = [_("Changed: %s") % run.changed]
    if run.refused:
        parts.append(_("refused: %s") % run.refused)
    if same := run.done - run.changed - run.refused:
        parts.append(_("nothing to change: %s") % same)
    if run.state == BulkRun.State.CANCELLED:
        parts.append(_("stopped"))
    return ", ".join(parts)


def make_problem_lines(run: BulkRun, problems: Sequence[Problem]) -> list[ProblemLine]:
    """Records that were refused or left, with their cards."""
    spec = current_generation().types_by_id.get(run.type_id)
    return [
        ProblemLine(
            each.title or _("A record that you do not see"),
            reverse("records:card", args=[spec.code, each.record_id]) if spec and each.title else "",
            each.reason,
        )
        for each in problems
    ]


def records_in_words(count: int) -> str:
    """ "57 records"."""
    return ngettext("%(count)s record", "%(count)s records", count) % {"count": count}
