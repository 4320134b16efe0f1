"""What operations answer: the shapes, for the OpenAPI document, and the functions that fill them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, WithJsonSchema

from trassa.records.queries import Duplicate
from trassa.records.types import Hit, Record
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

_VALUE = {
    "type": ["string", "integer", "boolean", "array", "null"],
    "items": {"type": ["string", "integer", "object"]},
}
ValueOut = Annotated[Any, WithJsonSchema(_VALUE)]
CodeOut = Annotated[str, Field(examples=["sales"])]
Next = Annotated[str | None, Field(description="Pass it as `cursor` to go on; null on the last page.")]


class Answer(Schema):
    """A shape with nothing beside it."""

    model_config = ConfigDict(extra="forbid")


RECORD_EXAMPLE: dict[str, Any] = {
    "id": 2048,
    "type": "deal",
    "number": "С-00418",
    "title": "BMW X5 xDrive40i, 2021 — Егоров Пётр",
    "version": 3,
    "pipeline": "sales",
    "stage": "negotiation",
    "stage_due_at": "2026-05-15T15:00:00Z",
    "owner": 7,
    "created_at": "2026-05-12T10:18:00Z",
    "updated_at": "2026-05-14T08:02:11Z",
    "fields": {"client": 1024, "source": "avito", "amount": "6150000.00", "next_contact_on": "2026-05-20"},
    "frozen": {},
}


class RecordOut(Answer):
    """A record as this person sees it. `owner` is the id of a person; masked fields are absent."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECORD_EXAMPLE]})

    id: int
    type: CodeOut
    number: Annotated[str, Field(examples=["В-00418"])]
    title: str
    version: Annotated[int, Field(ge=1)]
    pipeline: str | None
    stage: str | None
    stage_due_at: Annotated[
        datetime | None, Field(description="When the stage is due; null without a deadline.")
    ]
    owner: int | None
    created_at: datetime
    updated_at: datetime
    fields: dict[str, ValueOut]
    frozen: Annotated[
        dict[str, datetime | None],
        Field(
            description="Fields whose value stays as it was, with the moment since when; null when it is not"
            " known."
        ),
    ]


class DuplicateOut(Answer):
    """A record that may be the same: it agrees in the keys of these fields."""

    id: int
    type: CodeOut
    number: str
    title: str
    fields: list[str]


class CreatedOut(RecordOut):
    """A new record; `duplicates` are those that may be the same, absent when there are none."""

    duplicates: list[DuplicateOut] = []


class DuplicatesOut(Answer):
    """Records that may be the same, those that agree in most first."""

    items: list[DuplicateOut]


class SuspectOut(Answer):
    """Records that agree in the key of one field."""

    field: str
    records: list[DuplicateOut]


class SuspectsOut(Answer):
    """A page of groups."""

    items: list[SuspectOut]
    next: Next


def duplicate_json(each: Duplicate) -> dict[str, Any]:
    """One possible duplicate."""
    spec = current_generation().types_by_id[each.type_id]
    return {
        "id": each.id,
        "type": spec.code,
        "number": each.number,
        "title": each.title,
        "fields": list(each.fields),
    }


class RecordPageOut(Answer):
    items: list[RecordOut]
    next: Next


class StageOut(Answer):
    """A column of a board. `sum` is a decimal, null when the board sums nothing that this person sees."""

    code: str
    count: Annotated[int | None, Field(description="null without `sums`.")]
    sum: Annotated[str | None, Field(examples=["61500000.00"])]
    items: Annotated[list[RecordOut], Field(description="With the fields that cards show.")]
    next: Annotated[str | None, Field(description="Pass it as `cursor`, together with `stage`, to go on.")]


class BoardOut(Answer):
    type: str
    pipeline: str
    stages: list[StageOut]


class HitOut(Answer):
    id: int
    type: str
    number: str
    title: str


class HitsOut(Answer):
    """What was found; `instead` is the text that found it when the one asked for found nothing."""

    items: list[HitOut]
    instead: str | None


_TOLD = {**_VALUE, "type": ["string", "integer", "boolean", "array", "object", "null"]}
ToldOut = Annotated[Any, WithJsonSchema(_TOLD)]


class ChangeOut(Answer):
    """What became of one key: a field's code, or owner, pipeline, stage, reason, deleted.

    `frozen:` before the code of a field tells that its value began to stay as it was, or no longer does: an
    object with `value` and `since` while it does.
    """

    key: str
    before: ToldOut
    after: ToldOut


class EntryOut(Answer):
    """One line of history. `actor` is the id of a person, null when the system did it.

    `record` is the record in whose history the line stands, where that was merged into this one.
    """

    seq: int
    record: int | None
    at: datetime
    kind: Annotated[
        str, Field(examples=["created", "changed", "moved", "binned", "restored", "linked", "merged"])
    ]
    actor: int | None
    cause: dict[str, Any]
    changes: list[ChangeOut]


class HistoryOut(Answer):
    items: list[EntryOut]
    next: Next


class FieldErrorOut(Answer):
    field: str
    code: str
    message: str


class ItemProblemOut(Answer):
    """Why an item was refused, as a problem document."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldErrorOut]


class BulkResultOut(Answer):
    """What became of one item: its record and version, or the problem that stopped it."""

    id: int | None
    version: int | None
    problem: ItemProblemOut | None


class BulkOut(Answer):
    """Results in the order of the items."""

    items: list[BulkResultOut]
    refused: Annotated[int, Field(description="How many items have a problem.")]


class LabelOut(Answer):
    ru: str
    en: str


class TypeLineOut(Answer):
    code: str
    label: LabelOut
    plural: LabelOut
    icon: str


class OptionOut(Answer):
    code: str
    label: LabelOut
    color: str


ExpressionOut = Annotated[
    str | None,
    Field(
        description="An expression by codes; null when there is none, or when it mentions what this person"
        " does not see.",
        examples=["amount > 0"],
    ),
]


class FieldOut(Answer):
    """A field that this person sees; `value_schema` is the JSON Schema of its values."""

    code: str
    kind: str
    label: LabelOut
    help: LabelOut
    required: bool
    unique: bool
    writable: Annotated[bool, Field(description="This person may write it.")]
    sortable: Annotated[bool, Field(description="May be used in `order`.")]
    filters: Annotated[list[str], Field(description="Operations of lists: `field`, `field__gte`, …")]
    default: Any
    formula: Annotated[
        str | None,
        Field(
            description="What the value is worked out from, by codes; nobody writes it. null when there is"
            " none, or when it mentions what this person does not see.",
            examples=["price - cost"],
        ),
    ]
    frozen_when: Annotated[
        str | None,
        Field(
            description="While it holds the value stays as it was; an expression by codes.",
            examples=['stage = "signed"'],
        ),
    ]
    default_formula: ExpressionOut
    visible_when: ExpressionOut
    required_when: ExpressionOut
    editable_when: ExpressionOut
    target: Annotated[str | None, Field(description="Type that links point at.")]
    shows: Annotated[
        str | None,
        Field(
            description="Of a lookup: the link and the field of the linked record.", examples=["client.phone"]
        ),
    ]
    options: list[OptionOut]
    settings: dict[str, Any]
    value_schema: dict[str, Any]


class EntryConditionOut(Answer):
    """A condition of a stage, and what is said when it does not hold."""

    code: str
    condition: Annotated[str, Field(examples=["amount > 0"])]
    message: LabelOut


class DeadlineOut(Answer):
    """How long a record may stay: “2 working days” from its entry or from a date field."""

    after: str | None
    field: str | None
    warning: str | None
    escalation: str | None


class ChecklistItemOut(Answer):
    code: str
    label: LabelOut
    required: bool


class StageSpecOut(Answer):
    code: str
    label: LabelOut
    color: str
    meaning: Literal["open", "won", "lost"]
    required: Annotated[list[str], Field(description="Fields that must be filled to enter.")]
    enter_when: Annotated[list[EntryConditionOut], Field(description="Conditions that must hold to enter.")]
    next: Annotated[list[str], Field(description="Stages that may follow; empty means any.")]
    reason_required: bool
    deadline: DeadlineOut | None
    checklist: list[ChecklistItemOut]


class ReasonOut(Answer):
    code: str
    label: LabelOut


class PipelineOut(Answer):
    code: str
    label: LabelOut
    stages: list[StageSpecOut]
    reasons: list[ReasonOut]


class TypeOut(TypeLineOut):
    fields: list[FieldOut]
    pipelines: list[PipelineOut]


class TypesOut(Answer):
    items: list[TypeLineOut]


def record_writer(spec: TypeSpec, fields: Iterable[FieldSpec]) -> Callable[[Record], dict[str, Any]]:
    """A function that writes records of this type; made once for a page of them."""
    generation = current_generation()
    writers = {field.code: (field_kinds.get(field.kind).to_json, field) for field in fields}

    def write(record: Record) -> dict[str, Any]:
        pipeline = generation.pipelines_by_id.get(record.pipeline_id or 0)
        stage = generation.stages_by_id.get(record.stage_id or 0)
        values = {}
        for code, value in record.values.items():
            to_json, field = writers[code]
            values[code] = None if value is None else to_json(value, field)
        return {
            "id": record.id,
            "type": spec.code,
            "number": record.number,
            "title": record.title,
            "version": record.version,
            "pipeline": pipeline.code if pipeline else None,
            "stage": stage.code if stage else None,
            "stage_due_at": record.stage_due_at,
            "owner": record.owner_id,
            "created_at": record.created_at,
            "updated_at": record.updated_at,
            "fields": values,
            "frozen": dict(record.frozen),
        }

    return write


def hit_json(hit: Hit) -> dict[str, Any]:
    """One answer of search."""
    spec = current_generation().types_by_id[hit.type_id]
    return {"id": hit.id, "type": spec.code, "number": hit.number, "title": hit.title}
