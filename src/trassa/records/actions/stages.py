"""Second phase: where records enter a pipeline and how they move."""

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.kernel import Forbidden
from trassa.records.actions.batch import Batch, Item
from trassa.records.types import COMING, GOING, Change
from trassa.schema.types import PipelineSpec, StageSpec


def place_items(batch: Batch) -> None:
    """Resolve pipeline, stage, reason and owner of every write, and apply them."""
    for item in batch.live:
        if item.write.change in GOING | COMING:
            item.after["deleted_at"] = batch.moment if item.write.change in GOING else None
            continue
        pipeline = find_pipeline(batch, item)
        stage = find_stage(item, pipeline) if pipeline else None
        if pipeline and stage and stage.id != item.after.get("stage_id"):
            enter_stage(batch, item, pipeline, stage)
        if item.write.change is Change.MOVE:
            check_moved_fields(batch.actor, item, stage)


def find_pipeline(batch: Batch, item: Item) -> PipelineSpec | None:
    """The pipeline named by the write, the record's own, or the type's first."""
    code = item.write.pipeline
    if code is not None:
        pipeline = batch.generation.pipelines.get(code)
        if pipeline is None or pipeline.type_id != item.spec.id:
            item.refuse("pipeline", "unknown_pipeline", _("This type has no such pipeline."))
            return None
        return pipeline
    if item.is_new:
        if item.write.stage:
            for candidate in item.spec.pipelines:
                if any(stage.code == item.write.stage for stage in candidate.stages):
                    return candidate
        return item.spec.pipelines[0] if item.spec.pipelines else None
    if not item.spec.pipelines and item.write.stage:
        item.refuse("stage", "unknown_stage", _("Records of this type have no stages."))
    return item.spec.find_pipeline(item.after.get("pipeline_id"))


def find_stage(item: Item, pipeline: PipelineSpec) -> StageSpec | None:
    """The stage to be: the named one, or the first of a pipeline that is entered anew."""
    if item.write.stage is not None:
        try:
            return pipeline.get_stage(item.write.stage)
        except KeyError:
            item.refuse("stage", "unknown_stage", _("This pipeline has no such stage."))
            return None
    if item.after.get("pipeline_id") != pipeline.id:
        return pipeline.first_stage
    return None


def enter_stage(batch: Batch, item: Item, pipeline: PipelineSpec, stage: StageSpec) -> None:
    """Move the row to be into `stage` if the present one lets it go there."""
    present = batch.generation.stages_by_id.get(item.after.get("stage_id") or 0)
    same_pipeline = present is not None and present.pipeline_id == pipeline.id
    if present and same_pipeline and present.next_stage_ids and stage.id not in present.next_stage_ids:
        item.refuse(
            "stage",
            "stage_not_allowed",
            _("From “%(present)s” a record cannot go to “%(stage)s”.")
            % {"present": present.label, "stage": stage.label},
        )
        return
    item.after |= {"pipeline_id": pipeline.id, "stage_id": stage.id, "stage_entered_at": batch.moment}
    set_reason(item, pipeline, stage)
    if item.before and not same_pipeline and not batch.actor.may(Verb.MOVE, item.row_after):
        item.fail(Forbidden(_("Your role does not allow moving records into this pipeline.")))


def set_reason(item: Item, pipeline: PipelineSpec, stage: StageSpec) -> None:
    """Keep the reason of a loss; leaving the lost stage forgets it."""
    item.after["reason_id"] = None
    if item.write.reason is not None:
        reason = next((r for r in pipeline.reasons if r.code == item.write.reason), None)
        if reason is None:
            item.refuse("reason", "unknown_reason", _("Choose one of the reasons of this pipeline."))
        else:
            item.after["reason_id"] = reason.id
    elif stage.reason_required:
        item.refuse("reason", "required", _("Say why: this stage needs a reason."))


def check_moved_fields(actor: Actor, item: Item, stage: StageSpec | None) -> None:
    """Who may move but not edit fills in what the entered stage requires, and nothing else."""
    if not item.write.fields or actor.may(Verb.EDIT, item.row_before):
        return
    required = stage.required_field_ids if stage else ()
    for code in item.write.fields:
        field = item.spec.by_code.get(code)
        if field is not None and field.id not in required:
            item.refuse(code, "forbidden", _("Your role does not allow changing this field."))
