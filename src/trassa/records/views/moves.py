"""Moving a record to another stage, from the board, the stage bar or an undo.

One address does all of it: what a stage still needs is asked for in a dialog that posts here again.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trassa.access.queries import Actor
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions.linked import write_with_linked
from trassa.records.queries import get_record
from trassa.records.screens.asking import ask_for
from trassa.records.screens.cards import is_allowed
from trassa.records.screens.controls import Control, editable_fields, read_fields, read_linked
from trassa.records.types import Change, Record, Write
from trassa.records.views.answers import news, refusal
from trassa.records.views.fields import out_of_sight
from trassa.records.views.subjects import actor_of_request, get_stage, get_type
from trassa.schema.types import PipelineSpec, StageSpec, TypeSpec
from trassa.ui import render

CAUSE = {"kind": "board"}
#: Codes that the dialog can ask for beside fields.
REASON = "reason"


@require_POST
def move(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Moves to `stage`. Missing fields or a missing reason are answered with a dialog, 422."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    asked = parameters_of(request)
    pipeline = spec.find_pipeline(record.pipeline_id)
    if pipeline is None:
        raise NotFound(_("This record has no stages."))
    stage = get_stage(pipeline, asked.get("stage", ""))
    try:
        editable = editable_fields(actor, spec)
        write = Write(
            Change.MOVE,
            spec.code,
            id=id,
            stage=stage.code,
            reason=asked.get(REASON) or None,
            fields=read_fields(editable, asked),
        )
        write_with_linked(write, read_linked(editable, asked), actor=actor, cause=CAUSE)
    except Invalid as error:
        controls = ask_for(actor, spec, record, asked, error, elsewhere=(REASON,))
        is_undo = "stage" not in request.POST
        if is_undo or not (controls or asks_why(error)):
            return refusal(error)
        return render_dialog(request, spec, record, stage, controls)
    except (Conflict, Forbidden) as error:
        return refusal(error)
    return answer_moved(actor, spec, pipeline, record, stage)


def asks_why(error: Invalid) -> bool:
    """Whether the one thing missing is the reason."""
    return {each.field for each in error.errors} == {REASON}


def parameters_of(request: HttpRequest) -> QueryDict:
    """What was sent; an undo carries it in the address."""
    return request.POST if "stage" in request.POST else request.GET


def answer_moved(
    actor: Actor, spec: TypeSpec, pipeline: PipelineSpec, before: Record, stage: StageSpec
) -> HttpResponse:
    """A toast with undo, when the way back is open, and the news for board and card."""
    try:
        record = get_record(actor, spec, before.id)
    except NotFound:
        return out_of_sight(spec, before.id)
    toast = {"text": _("Moved to “%(stage)s”") % {"stage": stage.label}}
    undo = undo_url(spec, pipeline, before, stage)
    if undo:
        toast["undo"] = undo
    moved = {"type": spec.id, "id": before.id, "version": record.version, "stage": stage.code}
    return news(toast=toast, record_moved=moved, dialog_close={})


def undo_url(spec: TypeSpec, pipeline: PipelineSpec, before: Record, stage: StageSpec) -> str:
    """Where a POST takes the move back; "" when the stage does not let it."""
    previous = next((each for each in pipeline.stages if each.id == before.stage_id), None)
    if previous is None or previous.id == stage.id or not is_allowed(stage, previous):
        return ""
    reason = next((each.code for each in pipeline.reasons if each.id == before.reason_id), "")
    back = {"stage": previous.code, **({REASON: reason} if reason else {})}
    return f"{reverse('records:move', args=[spec.code, before.id])}?{urlencode(back)}"


def render_dialog(
    request: HttpRequest, spec: TypeSpec, record: Record, stage: StageSpec, controls: list[Control]
) -> HttpResponse:
    """The dialog that asks for what the stage needs."""
    asked = parameters_of(request)
    pipeline = spec.find_pipeline(stage.pipeline_id)
    reasons = [(reason.code, str(reason.label)) for reason in pipeline.reasons] if pipeline else []
    context: dict[str, Any] = {
        "title": record.title,
        "record_id": record.id,
        "stage": str(stage.label),
        "stage_code": stage.code,
        "lost": stage.meaning == "lost",
        "move_url": reverse("records:move", args=[spec.code, record.id]),
        "controls": controls,
        "reasons": reasons if stage.reason_required else [],
        "reason": asked.get(REASON, ""),
        "reason_missing": REASON in asked.getlist("shown") and not asked.get(REASON),
    }
    part = "records/move_dialog.html"
    return render(request, part, context, fragment=part, status=422)
