"""What operations take: bodies, checked for their shape here and for their sense by the write path."""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, WithJsonSchema

from trassa.api import MAX_ID, WholeNumber
from trassa.records.actions.write import MAX_BATCH

LARGEST_VERSION = 2**31 - 1


Id = Annotated[WholeNumber, Field(ge=1, le=MAX_ID)]
Version = Annotated[WholeNumber, Field(ge=1, le=LARGEST_VERSION)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_]+$")]
_VALUE_TYPES = ["string", "number", "boolean", "array", "null"]
FieldValue = Annotated[
    Any, WithJsonSchema({"type": _VALUE_TYPES, "items": {"type": ["string", "integer", "object"]}})
]
Fields = Annotated[
    dict[Code, FieldValue],
    Field(
        description="Values by field codes: text, amounts as strings, dates as `YYYY-MM-DD`, option codes,"
        " ids of people and records, lists of those, files as ids of uploads. null empties a field."
        " `GET /types/{type}` describes each field.",
        examples=[{"amount": "1250000.00", "source": "avito", "client": 1024}],
    ),
]
OwnerId = Annotated[Id | None, Field(description="Id of a person; see `GET /people`. Absent: not changed.")]


class Body(Schema):
    """A body that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


def example(body: dict[str, Any]) -> ConfigDict:
    """The configuration of a body with an example for the document."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class NewRecord(Body):
    """A record to be. Without pipeline and stage it enters the first ones; without owner it is yours."""

    model_config = example(
        {"pipeline": "sales", "fields": {"client": 1024, "source": "avito", "amount": "1250000.00"}}
    )

    pipeline: Code | None = None
    stage: Code | None = None
    owner: OwnerId = None
    fields: Fields = {}


class RecordChange(Body):
    """A change against the version that was read; a stale version is refused with the fields in conflict."""

    model_config = example({"version": 3, "fields": {"amount": "1200000.00", "comment": None}})

    version: Version
    fields: Fields = {}
    owner: OwnerId = None


class StageChange(Body):
    """A move to a stage, of another pipeline when named, with what the stage asks for."""

    model_config = example({"stage": "negotiation", "fields": {"next_contact_on": "2026-12-01"}})

    stage: Code
    pipeline: Code | None = None
    reason: Annotated[Code | None, Field(description="Code of a reason; lost stages may ask for it.")] = None
    fields: Fields = {}
    version: Annotated[Version | None, Field(description="When given, a stale version is refused.")] = None


class BulkCreate(NewRecord):
    model_config = example({"action": "create", "fields": {"name": "Маркова Инна"}})
    action: Literal["create"]


class BulkChange(RecordChange):
    model_config = example({"action": "change", "id": 1024, "version": 3, "fields": {"name": "Маркова Анна"}})
    action: Literal["change"]
    id: Id


class BulkMove(StageChange):
    model_config = example({"action": "move", "id": 1024, "stage": "lost", "reason": "price"})
    action: Literal["move"]
    id: Id


class BulkDelete(Body):
    action: Literal["delete"]
    id: Id


class BulkRestore(Body):
    action: Literal["restore"]
    id: Id


BulkItem = Annotated[
    BulkCreate | BulkChange | BulkMove | BulkDelete | BulkRestore, Field(discriminator="action")
]


class Bulk(Body):
    """Up to 1,000 writes of one type in one transaction; a record may stand in it once."""

    model_config = example(
        {
            "atomic": False,
            "items": [
                {"action": "create", "fields": {"name": "Маркова Инна"}},
                {"action": "delete", "id": 1024},
            ],
        }
    )

    atomic: Annotated[
        bool, Field(strict=True, description="All or nothing; otherwise every item has its own fate.")
    ] = True
    items: Annotated[list[BulkItem], Field(min_length=1, max_length=MAX_BATCH)]
