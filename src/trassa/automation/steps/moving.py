"""The step that moves the record, into another pipeline too, and hands it over on the way."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.actions.running import read_rows, type_of, write_for
from trassa.automation.checking import Checking
from trassa.automation.queries.choices import check_choice
from trassa.automation.steps.people import Chosen, choose_people
from trassa.automation.steps.values import compute_values
from trassa.automation.triggers import StageChange, stage_label
from trassa.automation.types import Flight, Settings, StepKind
from trassa.records.types import Change, Write
from trassa.schema.types import TypeSpec


class Move(Settings):
    """Where to; without a stage into the first one of the pipeline."""

    pipeline: str = ""
    stage: str = ""
    #: Code of a reason, where the stage asks for one.
    reason: str = ""
    #: Fields to fill on the way.
    fields: Mapping[str, Any] = {}
    #: Whose it becomes.
    owner: Chosen | None = None

    needs = {"stage": ("pipeline", ())}


def check(settings: Move, checking: Checking) -> Move:
    pipeline = checking.pipeline_of(checking.spec, settings.pipeline)
    stage = checking.stage_of(checking.spec, settings.pipeline, settings.stage)
    if not settings.pipeline and not settings.stage:
        checking.fault(_("Say where to."))
    if pipeline is None and stage is not None:
        pipeline = checking.spec.find_pipeline(stage.pipeline_id)
    if settings.reason and pipeline and all(each.code != settings.reason for each in pipeline.reasons):
        checking.fault(_("There is no reason “%s”.") % settings.reason)
    with checking.at("fields"):
        fields = checking.values(checking.spec, settings.fields)
    if settings.owner is not None:
        with checking.at("owner"):
            check_choice(settings.owner.choice, checking)
    code = pipeline.code if pipeline else settings.pipeline
    return settings.model_copy(update={"pipeline": code, "fields": fields})


def in_words(settings: Move, spec: TypeSpec) -> str:
    return _("Move to “%s”") % place_label(settings.pipeline, settings.stage, spec)


def place_label(pipeline: str, stage: str, spec: TypeSpec) -> str:
    """“Продажа: Показ” where the pipeline has several stages to choose from."""
    found = next((each for each in spec.pipelines if each.code == pipeline), None)
    label = str(found.label) if found else pipeline
    if not stage:
        return label
    own = stage_label(StageChange(pipeline=pipeline, stage=stage), spec)
    return f"{label}: {own}" if len(spec.pipelines) > 1 else own


def carry_out(settings: Move, flights: Sequence[Flight]) -> None:
    """Records that stand there already stay as they are."""
    spec = type_of(flights[0].rule)
    there = place_ids(settings, spec)
    rows = read_rows(spec, [flight.record_id for flight in flights])
    going = [flight for flight in flights if rows.get(flight.record_id, {}).get("stage_id") not in there]
    values = compute_values(going, settings.fields, spec)
    owners = choose_people(settings.owner, going) if settings.owner else {}
    writes = [
        Write(
            Change.MOVE,
            spec.code,
            id=flight.record_id,
            pipeline=settings.pipeline or None,
            stage=settings.stage or None,
            reason=settings.reason or None,
            fields=values[flight.record_id],
            owner=owners.get(flight.record_id),
        )
        for flight in going
    ]
    if writes:
        write_for(going, writes)
    for flight in flights:
        flight.tell(pipeline=settings.pipeline, stage=settings.stage, there=flight not in going)


def place_ids(settings: Move, spec: TypeSpec) -> set[int]:
    """Stages in which a record has arrived."""
    pipeline = next((each for each in spec.pipelines if each.code == settings.pipeline), None)
    stages = pipeline.stages if pipeline else ()
    return {stage.id for stage in stages if settings.stage in ("", stage.code)}


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    place = place_label(did["pipeline"], did["stage"], spec)
    return (_("Was in “%s” already") if did["there"] else _("Moved to “%s”")) % place


KIND = StepKind(gettext_lazy("Move"), "arrow-narrow-right", Move, check, in_words, carry_out, told)
