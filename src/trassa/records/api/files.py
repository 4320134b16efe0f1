"""Files: upload first, attach by the id of the upload; contents come back with the rights of their record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import ConfigDict, Field

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, idempotent, json_response, read_upload, upload_body
from trassa.kernel import FieldError, Invalid
from trassa.records.actions.files import store_upload
from trassa.records.actions.record_files import attach_files, remove_file, rename_file, restore_file
from trassa.records.api.answers import Answer
from trassa.records.api.bodies import Body, Code, Id, example
from trassa.records.api.records import ADDRESS, no_content
from trassa.records.contents.serving import serve_content
from trassa.records.field_kinds import MAX_FILES, parse_kind
from trassa.records.queries import get_record
from trassa.records.queries.files import get_file, list_record_files, open_content
from trassa.records.queries.known import get_type
from trassa.records.types import KEEP, Attached, StoredFile
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec

router = Router()
_CONTENT: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The content; `Content-Type` is the type found out from it.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        },
        "206": {
            "description": "The part that `Range` asks for.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        },
        "304": {"description": "The content is still the one with the `ETag` in `If-None-Match`."},
        "416": {"description": "The content ends before the part that `Range` asks for."},
    }
}

FILE_EXAMPLE: dict[str, Any] = {
    "id": 31,
    "name": "Заключение.pdf",
    "kind": "report",
    "size": 184320,
    "type": "application/pdf",
    "uploaded_at": "2026-05-12T10:18:00Z",
    "uploaded_by": 7,
    "expires_at": None,
    "record": 2048,
    "field": "documents",
    "comment": None,
}


class FileOut(Answer):
    """A file. An upload that nobody has attached has no record, and `expires_at`, when it goes."""

    model_config = ConfigDict(json_schema_extra={"examples": [FILE_EXAMPLE]})

    id: int
    name: str
    kind: Annotated[str, Field(description="Code of an option of its field; empty without one.")]
    size: Annotated[int, Field(description="Bytes.")]
    type: Annotated[str, Field(description="Media type, found out from the content.")]
    uploaded_at: datetime
    uploaded_by: int | None
    expires_at: datetime | None
    record: int | None
    field: Annotated[str | None, Field(description="Field that holds it; null beside the fields.")]
    comment: Annotated[int | None, Field(description="Comment that carries it.")]


class FilesOut(Answer):
    items: list[FileOut]


class NewFiles(Body):
    """Uploads to attach, beside the fields or to the field that is named."""

    model_config = example({"files": [31, 32], "field": "documents", "kind": "report"})

    files: Annotated[list[Id], Field(min_length=1, max_length=MAX_FILES)]
    field: Code | None = None
    kind: Annotated[Code | None, Field(description="Code of an option of the field.")] = None


class FileUpdate(Body):
    """Another name (the extension stays) or kind; what is absent stays."""

    model_config = example({"name": "Заключение от 12 мая"})

    name: Annotated[str | None, Field(min_length=1, max_length=500)] = None
    kind: Annotated[str | None, Field(max_length=64, description="Empty for no kind.")] = None


@router.post("/files", response={201: FileOut}, openapi_extra=upload_body())
@idempotent
def upload_file(request: ApiRequest) -> HttpResponse:
    """Send one file in the part `file`; its id can then be attached within 24 hours.

    The type is found out from the content. 422 says what is refused: programs, macros, archives that unpack
    to far more than they are, files that are not what their name says, and those that are too large.
    """
    sent = read_upload(request)
    stored = store_upload(sent, sent.name or "", actor=actor_of_call(request))
    return json_response(file_json(stored), status=201)


@router.get("/files/{int:id}", response=FileOut)
def get_one_file(request: ApiRequest, id: int) -> HttpResponse:
    """A file: your own upload, or one of a record and field that you see."""
    return json_response(file_json(get_file(actor_of_call(request), id)))


@router.get("/files/{int:id}/content", openapi_extra=_CONTENT)
def get_content(request: ApiRequest, id: int) -> HttpResponseBase:
    """The content, whole or the part that `Range` asks for."""
    file, stream = open_content(actor_of_call(request), id)
    return serve_content(
        request, stream, hash=file.hash, size=file.size, name=file.name, type=file.type, inline=False
    )


@router.patch("/files/{int:id}", response=FileOut)
@idempotent
def change_file(request: ApiRequest, id: int, body: FileUpdate) -> HttpResponse:
    """Give an attached file another name or kind. The version of its record goes up."""
    actor = actor_of_call(request)
    kind = KEEP if body.kind is None else find_kind(get_file(actor, id), body.kind)
    rename_file(actor, id, name=body.name or "", kind=kind, cause=request.auth.cause)
    return json_response(file_json(get_file(actor, id)))


@router.delete("/files/{int:id}", response={204: None})
@idempotent
def delete_file(request: ApiRequest, id: int) -> HttpResponse:
    """Take a file away from its record (`restore` brings it back for 30 days), or drop an upload."""
    remove_file(actor_of_call(request), id, cause=request.auth.cause)
    return no_content()


@router.post("/files/{int:id}/restore", response=FileOut)
@idempotent
def bring_file_back(request: ApiRequest, id: int) -> HttpResponse:
    """Put a removed file back to where it was."""
    actor = actor_of_call(request)
    restore_file(actor, id, cause=request.auth.cause)
    return json_response(file_json(get_file(actor, id)))


@router.get(f"{ADDRESS}/files", response=FilesOut)
def get_record_files(request: ApiRequest, type: str, id: int) -> HttpResponse:
    """All files of a record: those of fields that you see, then those beside the fields."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    return json_response(files_json(list_record_files(actor, spec, [record.id])))


@router.post(f"{ADDRESS}/files", response={201: FilesOut})
@idempotent
def attach_to_record(request: ApiRequest, type: str, id: int, body: NewFiles) -> HttpResponse:
    """Attach uploads without touching the files that are there. Answers with all files of the record."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    field = get_files_field(actor, spec, body.field) if body.field else None
    kind = kind_of(field, body.kind) if body.kind else None
    files = [Attached(upload, kind=kind) for upload in body.files]
    attach_files(actor, spec.code, id, files, place=body.field or "", cause=request.auth.cause)
    return json_response(files_json(list_record_files(actor, spec, [id])), status=201)


def get_files_field(actor: Actor, spec: TypeSpec, code: str) -> FieldSpec:
    """A field of files that the person sees; raises Invalid."""
    field = spec.by_code.get(code)
    if field is None or field.kind != "files" or not actor.sees_field(field):
        message = _("There is no such field of files.")
        raise Invalid(message, errors=[FieldError("field", "unknown_field", message)])
    return field


def kind_of(field: FieldSpec | None, code: str) -> int | None:
    """The id of the option with this code; raises Invalid."""
    try:
        if field is None:
            raise ValueRefused("unknown_option", _("Only files of a field have a kind."))
        return parse_kind(code, field)
    except ValueRefused as refusal:
        errors = [FieldError("kind", refusal.code, refusal.message)]
        raise Invalid(refusal.message, errors=errors) from None


def find_kind(file: StoredFile, code: str) -> int | None:
    """The id of the option for a file of a field; "" stands for none."""
    field = field_of(file)
    return kind_of(field, code) if code else None


def field_of(file: StoredFile) -> FieldSpec | None:
    """The field that holds a file."""
    fields = (spec.by_id.get(file.field_id or 0) for spec in current_generation())
    return next((field for field in fields if field is not None), None)


def files_json(files: Iterable[StoredFile]) -> dict[str, Any]:
    return {"items": [file_json(file) for file in files]}


def file_json(file: StoredFile) -> dict[str, Any]:
    """A file as `FileOut`."""
    field = field_of(file) if file.field_id else None
    kind = field.find_option(file.kind_id) if field and file.kind_id else None
    return {
        "id": file.id,
        "name": file.name,
        "kind": kind.code if kind else "",
        "size": file.size,
        "type": file.type,
        "uploaded_at": file.uploaded_at,
        "uploaded_by": file.uploaded_by_id,
        "expires_at": file.expires_at,
        "record": file.record_id,
        "field": field.code if field else None,
        "comment": file.comment_id,
    }
