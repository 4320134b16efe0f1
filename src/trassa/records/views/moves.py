"""Moving a record to another stage, from the board, the stage bar or an undo.

One address does all of it: what a stage still needs is asked for in a dialog that posts here again.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions.linked import write_with_linked
from trassa.records.queries import get_record
from trassa.records.queries.forms import read_fields
from trassa.records.queries.known import get_type
from trassa.records.screens.asking import ask_for, make_controls
from trassa.records.screens.conflicts import Theirs, decided_in, read_theirs, taken_in
from trassa.records.screens.controls import Control, editable_fields, read_linked
from trassa.records.screens.stage_bars import is_allowed
from trassa.records.types import Change, Record, Write
from trassa.records.views.answers import news, refusal
from trassa.records.views.fields import out_of_sight
from trassa.records.views.subjects import get_stage
from trassa.schema.types import PipelineSpec, StageSpec, TypeSpec
from trassa.ui import render_in_dialog

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
        written = [field for field in editable_fields(actor, spec) if field.code not in taken_in(asked)]
        write = Write(
            Change.MOVE,
            spec.code,
            id=id,
            version=version_in(asked),
            stage=stage.code,
            reason=asked.get(REASON) or None,
            fields=read_fields(written, asked),
            merge=True,
        )
        write_with_linked(write, read_linked(written, asked), actor=actor, cause=CAUSE)
    except Invalid as error:
        controls = ask_for(actor, spec, record, asked, error, elsewhere=(REASON,))
        is_undo = "stage" not in request.POST
        if is_undo or not (controls or asks_why(error)):
            return refusal(error)
        theirs = read_theirs(actor, spec, record, decided_in(asked), taken=taken_in(asked))
        version = version_in(asked) or record.version
        return render_dialog(request, spec, record, stage, controls, theirs=theirs, version=version)
    except Conflict as error:
        return show_conflict(request, actor, spec, stage, id=record.id, error=error)
    except Forbidden as error:
        return refusal(error)
    return answer_moved(actor, spec, pipeline, record, stage)


def asks_why(error: Invalid) -> bool:
    """Whether the one thing missing is the reason."""
    return {each.field for each in error.errors} == {REASON}


def version_in(asked: QueryDict) -> int | None:
    """The version that the dialog was made from; a card that is only dragged names none."""
    version = asked.get("version", "")
    return int(version) if version.isdecimal() else None


def show_conflict(
    request: HttpRequest, actor: Actor, spec: TypeSpec, stage: StageSpec, *, id: int, error: Conflict
) -> HttpResponse:
    """The dialog again, each field in conflict with both values; nothing typed is lost."""
    asked = parameters_of(request)
    if error.code != "version_conflict" or version_in(asked) is None:
        return refusal(error)
    record = get_record(actor, spec, id)
    shown = asked.getlist("shown")
    codes = [each.field for each in error.errors if each.field in (*shown, "stage")]
    theirs = read_theirs(actor, spec, record, [*codes, *decided_in(asked)], taken=taken_in(asked))
    controls = make_controls(actor, spec, record, asked)
    return render_dialog(
        request, spec, record, stage, controls, theirs=theirs, version=record.version, status=409
    )


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
    request: HttpRequest,
    spec: TypeSpec,
    record: Record,
    stage: StageSpec,
    controls: list[Control],
    *,
    theirs: Mapping[str, Theirs],
    version: int,
    status: int = 422,
) -> HttpResponse:
    """The dialog that asks for what the stage needs, and what to do where `theirs` is something else."""
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
        "theirs": theirs,
        "version": version,
        "reasons": reasons if stage.reason_required else [],
        "reason": asked.get(REASON, ""),
        "reason_missing": REASON in asked.getlist("shown") and not asked.get(REASON),
    }
    return render_in_dialog(request, "records/move_dialog.html", context, status=status)
