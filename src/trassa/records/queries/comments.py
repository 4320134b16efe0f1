"""Comments as a person who sees the record may read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.records.models import Comment
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


def comment_of_key(key: str) -> int | None:
    """The comment that a key of history is about."""
    number = key.removeprefix(_KEY)
    return int(number) if key.startswith(_KEY) and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment that is there."""

    id: int
    author_id: int | None
    text: str
    created_at: datetime
    edited_at: datetime | None
    pinned_at: datetime | None


def list_comments(record_id: int, *, before: int | None = None, limit: int = 50) -> list[CommentLine]:
    """Comments of a record that the caller has found visible, newest first, behind `before` (an id)."""
    rows = Comment.objects.filter(record_id=record_id, deleted_at__isnull=True)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [line_of(row) for row in rows.order_by("-id")[:limit]]


def count_comments(record_id: int) -> int:
    """How many comments of a record are there."""
    return Comment.objects.filter(record_id=record_id, deleted_at__isnull=True).count()


def pinned_comments(record_id: int) -> list[CommentLine]:
    """The pinned ones, the last pinned first."""
    rows = Comment.objects.filter(record_id=record_id, deleted_at__isnull=True, pinned_at__isnull=False)
    return [line_of(row) for row in rows.order_by("-pinned_at")[:20]]


def comments_by_id(ids: Iterable[int]) -> dict[int, CommentLine]:
    """Those of these comments that are there; one query, none for none."""
    wanted = list(ids)
    rows = Comment.objects.filter(id__in=wanted, deleted_at__isnull=True) if wanted else ()
    return {row.id: line_of(row) for row in rows}


def line_of(row: Comment) -> CommentLine:
    return CommentLine(row.id, row.author_id, row.text, row.created_at, row.edited_at, row.pinned_at)


def may_with_record(actor: Actor, verb: Verb, spec: TypeSpec, record_id: int) -> bool:
    """Whether the actor may apply the verb to a record."""
    rows = spec.model._default_manager.filter(pk=record_id)
    return bool(restrict(rows, actor.reach(verb, spec)).exists())
