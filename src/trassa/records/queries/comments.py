"""Comments as a person who sees the record may read them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.records.models import Comment
from trassa.records.queries.files import read_files
from trassa.records.types import StoredFile
from trassa.schema.types import TypeSpec

#: Kind of the entry of history with which a comment begins.
COMMENTED = "commented"
EDITED, DELETED, RESTORED = "comment_edited", "comment_deleted", "comment_restored"
PINNED, UNPINNED = "comment_pinned", "comment_unpinned"
COMMENT_KINDS = (COMMENTED, EDITED, DELETED, RESTORED, PINNED, UNPINNED)
_KEY = "c_"


def comment_key(id: int) -> str:
    """The key of a comment's text in history."""
    return f"{_KEY}{id}"


def comment_files_key(id: int) -> str:
    """The key of a comment's files in history."""
    return f"{_KEY}{id}_files"


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment that is there, with its files."""

    id: int
    author_id: int | None
    text: str
    created_at: datetime
    edited_at: datetime | None
    pinned_at: datetime | None
    files: Sequence[StoredFile] = ()


def list_comments(record_id: int, *, before: int | None = None, limit: int = 50) -> list[CommentLine]:
    """Comments of a record that the caller has found visible, newest first, behind `before` (an id)."""
    rows = Comment.objects.filter(record_id=record_id, deleted_at__isnull=True)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return lines_of(rows.order_by("-id")[:limit])


def count_comments(record_id: int) -> int:
    """How many comments of a record are there."""
    return Comment.objects.filter(record_id=record_id, deleted_at__isnull=True).count()


def pinned_comments(record_id: int) -> list[CommentLine]:
    """The pinned ones, the last pinned first."""
    rows = Comment.objects.filter(record_id=record_id, deleted_at__isnull=True, pinned_at__isnull=False)
    return lines_of(rows.order_by("-pinned_at")[:20])


def comments_by_id(ids: Iterable[int]) -> dict[int, CommentLine]:
    """Those of these comments that are there; two queries, none for none."""
    wanted = list(ids)
    rows = Comment.objects.filter(id__in=wanted, deleted_at__isnull=True) if wanted else ()
    return {line.id: line for line in lines_of(rows)}


def lines_of(rows: Iterable[Comment]) -> list[CommentLine]:
    """These comments with their files; one query, none for none."""
    comments = list(rows)
    files: dict[int | None, list[StoredFile]] = defaultdict(list)
    if comments:
        for file in read_files(comment_id__in=[row.id for row in comments], removed_at__isnull=True):
            files[file.comment_id].append(file)
    return [
        CommentLine(
            row.id, row.author_id, row.text, row.created_at, row.edited_at, row.pinned_at, files[row.id]
        )
        for row in comments
    ]


def may_with_record(actor: Actor, verb: Verb, spec: TypeSpec, record_id: int) -> bool:
    """Whether the actor may apply the verb to a record."""
    rows = spec.model._default_manager.filter(pk=record_id)
    return bool(restrict(rows, actor.reach(verb, spec)).exists())
