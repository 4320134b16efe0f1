"""Changes of pipelines, stages and reasons."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from trassa.expressions import to_json
from trassa.kernel import Invalid, NotFound, now
from trassa.people.types import Duration
from trassa.schema.actions.codes import check_code, check_label, check_once, refuse
from trassa.schema.actions.drafts import DeadlineDraft, PipelineDraft, ReasonDraft, StageDraft
from trassa.schema.actions.ledger import Ledger, by_code
from trassa.schema.actions.record_types import find_type
from trassa.schema.models import (
    Field,
    Pipeline,
    Reason,
    RecordType,
    Stage,
    StageCondition,
    StageItem,
    StageRequirement,
    StageTransition,
)
from trassa.schema.registries import field_kinds


class PipelineActions(Ledger):
    """The part of a schema change that is about pipelines."""

    def save_pipeline(self, type: str, draft: PipelineDraft) -> int:
        """Create a pipeline or make it what the draft says; gives its id.

        Stages and reasons that the draft leaves out are retired; a stage with records in it may not be.
        """
        check_pipeline(draft)
        owner = find_type(type)
        row = Pipeline.objects.filter(code=draft.code).first()
        if row is not None and row.type_id != owner.id:
            refuse("code", "taken", _("A pipeline of another type has this code."))
        before = describe_pipeline(row) if row else {}
        if row is None:
            check_code(draft.code)
            row = Pipeline(type=owner, code=draft.code)
        row.label, row.position, row.retired_at = check_label(draft.label), draft.position, None
        row.save()
        stages = self._save_stages(row, draft.stages)
        save_requirements(owner, stages, draft.stages)
        save_deadlines(owner, stages, draft.stages)
        save_checklists(stages, draft.stages)
        save_conditions(stages, draft.stages)
        save_transitions(stages, draft.stages)
        self._save_reasons(row, draft.reasons)
        after = describe_pipeline(row)
        changed = {key: (before.get(key), value) for key, value in after.items() if before.get(key) != value}
        if changed:
            self.touched.add(owner.id)
            self.note("pipeline", row.id, "changed" if before else "created", changed)
        return row.id

    def retire_pipeline(self, code: str) -> None:
        """Take a pipeline out of use; refused while records are in it."""
        row = find_pipeline(code)
        for stage in row.stages.filter(retired_at=None):
            refuse_used_stage(row, stage)
        row.retired_at = now()
        row.save()
        self.touched.add(row.type_id)
        self.note("pipeline", row.id, "retired", {})

    def restore_pipeline(self, code: str) -> None:
        """Bring a retired pipeline back."""
        row = find_pipeline(code, retired=True)
        row.retired_at = None
        row.save()
        self.touched.add(row.type_id)
        self.note("pipeline", row.id, "restored", {})

    def _save_stages(self, row: Pipeline, drafts: tuple[StageDraft, ...]) -> dict[str, Stage]:
        known = by_code(row.stages.all())
        stages = {}
        for position, draft in enumerate(drafts):
            check_code(draft.code)
            stage = known.pop(draft.code, None) or Stage(pipeline=row, code=draft.code)
            stage.label, stage.color, stage.meaning = check_label(draft.label), draft.color, draft.meaning
            stage.reason_required, stage.position, stage.retired_at = draft.reason_required, position, None
            stage.save()
            stages[draft.code] = stage
        for stage in known.values():
            if not stage.retired_at:
                refuse_used_stage(row, stage)
                stage.retired_at = now()
                stage.save()
        return stages

    def _save_reasons(self, row: Pipeline, drafts: tuple[ReasonDraft, ...]) -> None:
        known = by_code(row.reasons.all())
        for position, draft in enumerate(drafts):
            check_code(draft.code)
            reason = known.pop(draft.code, None) or Reason(pipeline=row, code=draft.code)
            reason.label, reason.position, reason.retired_at = check_label(draft.label), position, None
            reason.save()
        for reason in known.values():
            reason.retired_at = reason.retired_at or now()
            reason.save()


def find_pipeline(code: str, *, retired: bool = False) -> Pipeline:
    """The active (or the retired) pipeline of this code; raises NotFound."""
    row = Pipeline.objects.filter(code=code, retired_at__isnull=not retired).first()
    if row is None:
        raise NotFound(_("There is no pipeline “%s”.") % code)
    return row


def check_pipeline(draft: PipelineDraft) -> None:
    """Raise Invalid unless there is a stage to begin with and every code stands once."""
    check_once(stage.code for stage in draft.stages)
    check_once(reason.code for reason in draft.reasons)
    if not draft.stages or draft.stages[0].meaning != "open":
        refuse("stages", "no_first_stage", _("A pipeline begins with an open stage."))
    codes = {stage.code for stage in draft.stages}
    for stage in draft.stages:
        check_once(condition.code for condition in stage.enter_when)
        for condition in stage.enter_when:
            check_code(condition.code)
        for code in stage.next_stages:
            if code not in codes:
                message = _("Stage “%s” leads to “%s”, which is not there.") % (stage.code, code)
                refuse("stages", "unknown_stage", message)


def save_requirements(owner: RecordType, stages: dict[str, Stage], drafts: tuple[StageDraft, ...]) -> None:
    """Make the fields that stages require what the drafts say."""
    fields = by_code(Field.objects.filter(type=owner, retired_at=None))
    wanted = []
    for draft in drafts:
        for code in dict.fromkeys(draft.required_fields):
            if code not in fields:
                message = _("Stage “%s” requires “%s”, which this type does not have.") % (draft.code, code)
                refuse("stages", "unknown_field", message)
            if field_kinds.get(fields[code].kind).automatic:
                message = _("Stage “%s” requires “%s”, which nobody fills in.") % (draft.code, code)
                refuse("stages", "automatic_field", message)
            wanted.append(StageRequirement(stage=stages[draft.code], field=fields[code]))
    StageRequirement.objects.filter(stage__in=stages.values()).delete()
    StageRequirement.objects.bulk_create(wanted)


def save_deadlines(owner: RecordType, stages: dict[str, Stage], drafts: tuple[StageDraft, ...]) -> None:
    """Make the deadlines of stages what the drafts say."""
    fields = by_code(Field.objects.filter(type=owner, retired_at=None))
    for draft in drafts:
        stage, wanted = stages[draft.code], draft.deadline or DeadlineDraft()
        field = fields.get(wanted.field)
        if wanted.field and (field is None or field.kind not in ("date", "datetime")):
            message = _("Stage “%s” counts its deadline from “%s”, which is no date of this type.")
            refuse("stages", "unknown_field", message % (draft.code, wanted.field))
        if not wanted.after and not wanted.field and (wanted.warning or wanted.escalation):
            refuse("stages", "no_deadline", _("Stage “%s” has no deadline to warn of.") % draft.code)
        stage.deadline, stage.deadline_field = clean_duration(wanted.after), field
        stage.deadline_warning = clean_duration(wanted.warning)
        stage.deadline_escalation = clean_duration(wanted.escalation)
        stage.save()


def clean_duration(text: str) -> str:
    """The one spelling of a duration, "" for none; raises Invalid for what is none and for negative ones."""
    if not text:
        return ""
    duration = Duration.parse(text)
    if duration.amount < 0:
        refuse("stages", "negative", _("“%s” lies in the past; give a positive duration.") % text)
    return str(duration)


def save_checklists(stages: dict[str, Stage], drafts: tuple[StageDraft, ...]) -> None:
    """Make the checklists of stages what the drafts say; what was ticked stays known."""
    for draft in drafts:
        known = by_code(stages[draft.code].items.all())
        for position, item in enumerate(draft.checklist):
            check_code(item.code)
            row = known.pop(item.code, None) or StageItem(stage=stages[draft.code], code=item.code)
            row.label, row.required, row.position = check_label(item.label), item.required, position
            row.retired_at = None
            row.save()
        for row in known.values():
            row.retired_at = row.retired_at or now()
            row.save()


def save_conditions(stages: dict[str, Stage], drafts: tuple[StageDraft, ...]) -> None:
    """Make the conditions of entering stages what the drafts say."""
    wanted = [
        StageCondition(
            stage=stages[draft.code],
            code=each.code,
            condition=to_json(each.condition),
            message=check_label(each.message),
            position=position,
        )
        for draft in drafts
        for position, each in enumerate(draft.enter_when)
    ]
    StageCondition.objects.filter(stage__in=stages.values()).delete()
    StageCondition.objects.bulk_create(wanted)


def save_transitions(stages: dict[str, Stage], drafts: tuple[StageDraft, ...]) -> None:
    """Make the permitted moves what the drafts say."""
    wanted = [
        StageTransition(stage=stages[draft.code], next_stage=stages[code])
        for draft in drafts
        for code in dict.fromkeys(draft.next_stages)
    ]
    StageTransition.objects.filter(stage__in=stages.values()).delete()
    StageTransition.objects.bulk_create(wanted)


def refuse_used_stage(row: Pipeline, stage: Stage) -> None:
    """Raise Invalid when records that are not in the bin stand in the stage."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"r_{row.type_id}"])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM r_{row.type_id} WHERE stage_id = %s AND deleted_at IS NULL)",
            [stage.id],
        )
        if cursor.fetchone()[0]:
            message = _("Records are in stage “%s”. Move them first.") % stage.code
            raise Invalid(message, code="stage_in_use")


def describe_pipeline(row: Pipeline) -> dict[str, Any]:
    """A pipeline as history tells it, by codes."""
    needs = StageRequirement.objects.filter(stage__pipeline=row).values_list("stage_id", "field__code")
    conditions = StageCondition.objects.filter(stage__pipeline=row).order_by("position")
    items = StageItem.objects.filter(stage__pipeline=row, retired_at=None).order_by("position")
    moves = StageTransition.objects.filter(stage__pipeline=row).values_list("stage_id", "next_stage__code")
    stages = [
        {
            "code": stage.code,
            "label": stage.label,
            "color": stage.color,
            "meaning": stage.meaning,
            "requires": sorted(code for id, code in needs if id == stage.id),
            "enter_when": [
                {"code": each.code, "condition": each.condition, "message": each.message}
                for each in conditions
                if each.stage_id == stage.id
            ],
            "next": sorted(code for id, code in moves if id == stage.id),
            "reason": stage.reason_required,
            "deadline": describe_deadline(stage),
            "checklist": [
                {"code": each.code, "label": each.label, "required": each.required}
                for each in items
                if each.stage_id == stage.id
            ],
        }
        for stage in row.stages.filter(retired_at=None).select_related("deadline_field").order_by("position")
    ]
    reasons = row.reasons.filter(retired_at=None).order_by("position")
    return {
        "code": row.code,
        "label": row.label,
        "position": row.position,
        "retired": bool(row.retired_at),
        "stages": stages,
        "reasons": [{"code": reason.code, "label": reason.label} for reason in reasons],
    }


def describe_deadline(stage: Stage) -> dict[str, str]:
    """A deadline as history tells it; {} for none."""
    parts = {
        "after": stage.deadline,
        "field": stage.deadline_field.code if stage.deadline_field else "",
        "warning": stage.deadline_warning,
        "escalation": stage.deadline_escalation,
    }
    return {key: text for key, text in parts.items() if text}
