"""Files that comments carry: uploads of their author, which come and go with the comment.

They hang on the record of the comment, so that rights and collection know them; a deleted comment keeps its
files removed, and brings them back. See docs/decisions/0019-files.md.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid, now
from trassa.records.actions.attachments import lock_files, told_file
from trassa.records.actions.renewing import renew_words
from trassa.records.field_kinds import MAX_FILES
from trassa.records.models import Comment, File
from trassa.records.queries.attachments import as_attached
from trassa.records.queries.files import read_files
from trassa.records.types import StoredFile

#: Files as history tells of them: before and after.
Told = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def put_files(actor: Actor, comment: Comment, ids: Sequence[int]) -> Told | None:
    """Make these the files of a comment: some that it has, and uploads of the actor; None for no change.

    Inside the caller's transaction, which has pinned the schema for writing. Raises Invalid (field "files").
    """
    wanted = list(dict.fromkeys(ids))
    present = read_files(comment_id=comment.id, removed_at__isnull=True)
    if wanted == [file.id for file in present]:
        return None
    if len(wanted) > MAX_FILES:
        raise refuse("too_many", _("At most %s files may lie here.") % MAX_FILES)
    known = lock_files({*wanted, *(file.id for file in present)})
    if any(id not in known or not may_carry(actor, comment, known[id]) for id in wanted):
        raise refuse("unknown_file", _("There is no such file to attach. Upload it once more."))
    gone = [file.id for file in present if file.id not in wanted]
    File.objects.filter(id__in=gone).update(removed_at=now())
    for position, id in enumerate(wanted):
        File.objects.filter(id=id).update(
            record_id=comment.record_id, comment=comment, position=position, expires_at=None
        )
    renew_words([comment.record_id])
    return told(present), told(known[id] for id in wanted)


def may_carry(actor: Actor, comment: Comment, file: StoredFile) -> bool:
    """Whether a file is the comment's already, or an upload of the actor that waits for a place."""
    if file.record_id is not None:
        return file.comment_id == comment.id and file.removed_at is None
    return file.uploaded_by_id == actor.id and file.expires_at is not None and file.expires_at > now()


def remove_files(comment: Comment, at: datetime) -> None:
    """Take the files of a comment out of sight with it."""
    if File.objects.filter(comment=comment, removed_at__isnull=True).update(removed_at=at):
        renew_words([comment.record_id])


def return_files(comment: Comment, removed_at: datetime) -> None:
    """Bring back the files that went with a comment."""
    if File.objects.filter(comment=comment, removed_at=removed_at).update(removed_at=None):
        renew_words([comment.record_id])


def move_files(comment_ids: Sequence[int], source: int, target: int) -> None:
    """Turn the files of comments that went to another record."""
    if File.objects.filter(comment__in=comment_ids).update(record_id=target):
        renew_words([source, target])


def told(files: Iterable[StoredFile]) -> list[dict[str, Any]]:
    return [told_file(as_attached(file)) for file in files]


def refuse(code: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError("files", code, message)])
