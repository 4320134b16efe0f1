"""Files: upload first, attach by the id of the upload; contents come back with the rights of their record."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import ConfigDict, Field

from trassa.api import ApiRequest, idempotent, json_response, read_upload, upload_body
from trassa.records.actions.files import store_upload
from trassa.records.api.access import find_actor
from trassa.records.api.answers import Answer
from trassa.records.contents.serving import serve_content
from trassa.records.queries.files import get_file, open_content
from trassa.records.types import StoredFile

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
    "kind": "",
    "size": 184320,
    "type": "application/pdf",
    "uploaded_at": "2026-05-12T10:18:00Z",
    "uploaded_by": 7,
    "expires_at": "2026-05-13T10:18:00Z",
}


class FileOut(Answer):
    """A file. An upload that nobody has attached has `expires_at`, when it goes."""

    model_config = ConfigDict(json_schema_extra={"examples": [FILE_EXAMPLE]})

    id: int
    name: str
    kind: Annotated[str, Field(description="Code of an option of the field that holds it, or empty.")]
    size: Annotated[int, Field(description="Bytes.")]
    type: Annotated[str, Field(description="Media type, found out from the content.")]
    uploaded_at: datetime
    uploaded_by: int | None
    expires_at: datetime | None


@router.post("/files", response={201: FileOut}, openapi_extra=upload_body())
@idempotent
def upload_file(request: ApiRequest) -> HttpResponse:
    """Send one file in the part `file`; its id can then be attached within 24 hours.

    The type is found out from the content. 422 says what is refused: programs, macros, archives that unpack
    to far more than they are, files that are not what their name says, and those that are too large.
    """
    sent = read_upload(request)
    stored = store_upload(sent, sent.name or "", actor=find_actor(request))
    return json_response(file_json(stored), status=201)


@router.get("/files/{int:id}", response=FileOut)
def get_one_file(request: ApiRequest, id: int) -> HttpResponse:
    """A file: your own upload, or one of a record and field that you see."""
    return json_response(file_json(get_file(find_actor(request), id)))


@router.get("/files/{int:id}/content", openapi_extra=_CONTENT)
def get_content(request: ApiRequest, id: int) -> HttpResponseBase:
    """The content, whole or the part that `Range` asks for."""
    file, stream = open_content(find_actor(request), id)
    return serve_content(
        request, stream, hash=file.hash, size=file.size, name=file.name, type=file.type, inline=False
    )


def file_json(file: StoredFile, kind: str = "") -> dict[str, Any]:
    """A file as `FileOut`."""
    return {
        "id": file.id,
        "name": file.name,
        "kind": kind,
        "size": file.size,
        "type": file.type,
        "uploaded_at": file.uploaded_at,
        "uploaded_by": file.uploaded_by_id,
        "expires_at": file.expires_at,
    }
