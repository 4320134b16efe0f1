"""What of its stage's checklist is done for a record."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from trassa.access.queries import Actor
from trassa.api import ApiRequest, json_response
from trassa.records.actions.checklists import set_tick
from trassa.records.api.answers import Answer, LabelOut
from trassa.records.api.bodies import Body, example
from trassa.records.api.comments import place_of
from trassa.records.api.record_types import label_json
from trassa.records.api.records import ADDRESS
from trassa.records.queries import get_record
from trassa.records.queries.checklists import CheckLine, read_checklist
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

router = Router()


class CheckedItemOut(Answer):
    """One thing: who did it when, null while it is open. A required one keeps the record from going on."""

    code: str
    label: LabelOut
    required: bool
    done_at: datetime | None
    done_by: int | None


class ChecklistOut(Answer):
    """The checklist of the stage in which the record stands, and when that stage is due."""

    stage: str | None
    due_at: datetime | None
    items: list[CheckedItemOut]


class Tick(Body):
    model_config = example({"done": True})

    done: Annotated[bool, Field(strict=True)]


@router.get(f"{ADDRESS}/checklist", response=ChecklistOut)
def get_checklist(request: ApiRequest, type: str, id: int) -> HttpResponse:
    """What is to be done in the record's stage."""
    actor, spec = place_of(request, type)
    return answer(actor, spec, id)


@router.put(f"{ADDRESS}/checklist/{{item}}", response=ChecklistOut)
def put_tick(request: ApiRequest, type: str, id: int, item: str, body: Tick) -> HttpResponse:
    """Note that a thing is done, or that it is not after all. Who may edit or move the record may."""
    actor, spec = place_of(request, type)
    set_tick(actor, spec, id, item, is_done=body.done, cause=request.auth.cause)
    return answer(actor, spec, id)


def answer(actor: Actor, spec: TypeSpec, id: int) -> HttpResponse:
    """The checklist as it stands."""
    record = get_record(actor, spec, id)
    stage = current_generation().stages_by_id.get(record.stage_id or 0)
    lines = read_checklist(id, stage) if stage else ()
    return json_response(
        {
            "stage": stage.code if stage else None,
            "due_at": record.stage_due_at,
            "items": [line_json(line) for line in lines],
        }
    )


def line_json(line: CheckLine) -> dict[str, object]:
    return {
        "code": line.item.code,
        "label": label_json(line.item.label),
        "required": line.item.required,
        "done_at": line.at,
        "done_by": line.person_id,
    }
