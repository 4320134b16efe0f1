"""Comments on records: who sees a record reads and writes them."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from trassa.access.queries import Actor, actor_of_call
from trassa.api import MAX_ID, ApiRequest, Cursor, idempotent, json_response
from trassa.records.actions.comments import (
    MAX_CHARACTERS,
    add_comment,
    change_comment_of,
    delete_comment,
    restore_comment,
)
from trassa.records.api.answers import Answer, Next
from trassa.records.api.bodies import Body, Id, example
from trassa.records.api.files import FILE_EXAMPLE, FileOut, file_json
from trassa.records.api.records import ADDRESS, no_content
from trassa.records.field_kinds import MAX_FILES
from trassa.records.models import Comment
from trassa.records.queries import get_record
from trassa.records.queries.comments import CommentLine, lines_of, list_comments
from trassa.records.queries.known import get_type
from trassa.schema.types import TypeSpec

router = Router()
_ORDER = "comments"
COMMENT = f"{ADDRESS}/comments/{{int:comment}}"
COMMENT_EXAMPLE: dict[str, Any] = {
    "id": 12,
    "author": 7,
    "text": "Клиент просит перезвонить после шести, @head.",
    "created_at": "2026-05-12T10:18:00Z",
    "edited_at": None,
    "pinned": False,
    "answers": None,
    "thread": None,
    "mentions": [9],
    "reactions": {"looking": [9]},
    "files": [FILE_EXAMPLE | {"record": 2048, "field": None, "kind": "", "comment": 12}],
}
Text = Annotated[str, Field(max_length=MAX_CHARACTERS, description="Plain text; may be empty beside files.")]
Files = Annotated[list[Id], Field(max_length=MAX_FILES, description="Uploads, and files that it has.")]


class CommentOut(Answer):
    """A comment. `author` is the id of a person, null when the system wrote it.

    `answers` is the comment that it answers, `thread` the one with which that conversation began. `mentions`
    are the people whom the text names by `@login`, `reactions` who reacted how.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [COMMENT_EXAMPLE]})

    id: int
    author: int | None
    text: str
    created_at: datetime
    edited_at: datetime | None
    pinned: bool
    answers: int | None
    thread: int | None
    mentions: list[int]
    reactions: dict[str, list[int]]
    files: list[FileOut]


class CommentsOut(Answer):
    items: list[CommentOut]
    next: Next


class NewComment(Body):
    """What is to be said, files, or both. Send files with `POST /files` first.

    `@login` in the text names somebody who sees the record and tells them; `answers` is a comment of the same
    record.
    """

    model_config = example({"text": "@head клиент просит перезвонить.", "files": [31], "answers": 12})

    text: Text = ""
    files: Files = []
    answers: Id | None = None


class CommentChange(Body):
    """Another text, all files it is to have, for its author; `pinned` for whoever may change the record."""

    model_config = example({"pinned": True})

    text: Text | None = None
    files: Files | None = None
    pinned: Annotated[bool | None, Field(strict=True)] = None


@router.get(f"{ADDRESS}/comments", response=CommentsOut)
def get_comments(
    request: ApiRequest,
    type: str,
    id: int,
    *,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(min_length=1)] = None,
    thread: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> HttpResponse:
    """What people wrote about the record, newest first; with `thread` one conversation."""
    actor, spec = place_of(request, type)
    record = get_record(actor, spec, id)
    before = Cursor.decode(cursor, order=_ORDER).id if cursor is not None else None
    found = list_comments(record.id, before=before, limit=limit + 1, thread=thread)
    page = found[:limit]
    following = Cursor(_ORDER, page[-1].id).encode() if len(found) > limit else None
    return json_response({"items": [comment_json(line) for line in page], "next": following})


@router.post(f"{ADDRESS}/comments", response={201: CommentOut})
@idempotent
def write_comment(request: ApiRequest, type: str, id: int, body: NewComment) -> HttpResponse:
    """Write about a record that you see."""
    actor, spec = place_of(request, type)
    cause = request.auth.cause
    comment = add_comment(actor, spec, id, body.text, files=body.files, answers=body.answers, cause=cause)
    return answer(comment, status=201)


@router.patch(COMMENT, response=CommentOut)
@idempotent
def change_comment(
    request: ApiRequest, type: str, id: int, comment: int, body: CommentChange
) -> HttpResponse:
    """Change the text or the files of your own comment, or pin one."""
    actor, spec = place_of(request, type)
    changed = change_comment_of(
        actor,
        spec,
        id,
        comment,
        text=body.text,
        files=body.files,
        pinned=body.pinned,
        cause=request.auth.cause,
    )
    return answer(changed)


@router.delete(COMMENT, response={204: None})
@idempotent
def remove_comment(request: ApiRequest, type: str, id: int, comment: int) -> HttpResponse:
    """Delete your own comment, or any one of a record that you may delete."""
    actor, spec = place_of(request, type)
    delete_comment(actor, spec, id, comment, cause=request.auth.cause)
    return no_content()


@router.post(f"{COMMENT}/restore", response=CommentOut)
@idempotent
def bring_comment_back(request: ApiRequest, type: str, id: int, comment: int) -> HttpResponse:
    """Bring a deleted comment back."""
    actor, spec = place_of(request, type)
    return answer(restore_comment(actor, spec, id, comment, cause=request.auth.cause))


def place_of(request: ApiRequest, type: str) -> tuple[Actor, TypeSpec]:
    """Who asks, about which type."""
    actor = actor_of_call(request)
    return actor, get_type(actor, type)


def answer(comment: Comment, status: int = 200) -> HttpResponse:
    [line] = lines_of([comment])
    return json_response(comment_json(line), status=status)


def comment_json(line: CommentLine) -> dict[str, Any]:
    """A comment as `CommentOut`."""
    return {
        "id": line.id,
        "author": line.author_id,
        "text": line.text,
        "created_at": line.created_at,
        "edited_at": line.edited_at,
        "pinned": line.pinned_at is not None,
        "answers": line.answers_id,
        "thread": line.thread_id,
        "mentions": sorted(line.mentions.values()),
        "reactions": line.reactions,
        "files": [file_json(file) for file in line.files],
    }
