"""What people do with one file of a record; every change is a write of the record.

Which place a file has follows from its row: a field, or beside the fields. An upload has none yet.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import Forbidden, NotFound
from trassa.records.actions.files import discard_upload
from trassa.records.actions.write import write_records
from trassa.records.queries.files import find_place, get_file, read_files, sees_file
from trassa.records.types import KEEP, Attached, Change, FileChange, Outcome, StoredFile, Write

Cause = Mapping[str, Any]


def attach_files(
    actor: Actor, type: str, id: int, files: Sequence[Attached], *, place: str = "", cause: Cause
) -> Outcome:
    """Attach uploads to a record: to the field with the code `place`, or beside the fields."""
    return change_files(actor, type, id, FileChange(files), place=place, cause=cause)


def change_files(
    actor: Actor, type: str, id: int, change: FileChange, *, place: str, cause: Cause
) -> Outcome:
    """Change the files of one place of a record."""
    write = Write(Change.EDIT, type, id=id, files={place: change})
    [outcome] = write_records([write], actor=actor, cause=cause)
    return outcome


def remove_file(actor: Actor, id: int, *, cause: Cause) -> Outcome | None:
    """Take a file away from its record, from where `restore_file` brings it back; an upload is dropped."""
    file = get_own_file(actor, id)
    if file.record_id is None:
        discard_upload(actor, id)
        return None
    type, place = find_place(file)
    return change_files(actor, type, file.record_id, FileChange(detach=[id]), place=place, cause=cause)


def restore_file(actor: Actor, id: int, *, cause: Cause) -> Outcome:
    """Put a removed file back to its place; raises NotFound when it was not removed, or is gone by now."""
    file = next(iter(read_files(id=id, removed_at__isnull=False)), None)
    if file is None or file.record_id is None or file.comment_id or not sees_file(actor, file):
        raise NotFound(_("There is no such file."))
    type, place = find_place(file)
    back = Attached(id, kind=file.kind_id)
    return change_files(actor, type, file.record_id, FileChange([back]), place=place, cause=cause)


def rename_file(
    actor: Actor, id: int, *, name: str = "", kind: int | None = KEEP, cause: Cause
) -> tuple[StoredFile, Outcome]:
    """Give an attached file another name or kind (id of an option of its field)."""
    file = get_own_file(actor, id)
    if file.record_id is None:
        raise NotFound(_("There is no such file."))
    type, place = find_place(file)
    change = FileChange([Attached(id, name, kind)])
    return file, change_files(actor, type, file.record_id, change, place=place, cause=cause)


def move_file(actor: Actor, id: int, place: str, *, kind: int | None = None, cause: Cause) -> Outcome:
    """Move a file from beside the fields of its record into the field with the code `place`."""
    file = get_own_file(actor, id)
    if file.record_id is None:
        raise NotFound(_("There is no such file."))
    type, _place = find_place(file)
    change = FileChange([Attached(id, kind=kind)])
    return change_files(actor, type, file.record_id, change, place=place, cause=cause)


def get_own_file(actor: Actor, id: int) -> StoredFile:
    """A file that the record itself holds; those of comments are changed with their comments."""
    file = get_file(actor, id)
    if file.comment_id is not None:
        raise Forbidden(_("This file belongs to a comment. Change the comment instead."))
    return file
