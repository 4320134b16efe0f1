"""Comments: who sees a record may write about it. Every change is an entry of the record's history.

Their author edits them, the author or whoever may delete the record deletes them, whoever may edit the record
pins them. A deleted one can be brought back for TRASSA_REMOVED_DAYS; then its text is erased here and from
history, whose chain stays whole. The record itself and its version stay as they are; search finds it by the
names of the files that comments carry.

Who is named by `@login` and who watches the record are told through the outbox: see `events`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.journal import NewEntry, Stream, append, erase, list_entries, publish
from trassa.kernel import FieldError, Forbidden, Invalid, NotFound, now
from trassa.records.actions.comment_files import Told, move_files, put_files, remove_files, return_files
from trassa.records.actions.mentions import put_mentions
from trassa.records.actions.touching import touch_records
from trassa.records.actions.watching import watch_along
from trassa.records.events import COMMENT_ADDED, COMMENT_EDITED
from trassa.records.models import Comment, File, Mention, Reaction
from trassa.records.queries.audience import read_place, read_watchers
from trassa.records.queries.comments import (
    COMMENTED,
    DELETED,
    EDITED,
    PINNED,
    RESTORED,
    UNPINNED,
    comment_files_key,
    comment_key,
    may_with_record,
)
from trassa.records.queries.files import sees_record
from trassa.records.queries.merges import list_relatives
from trassa.schema.queries import pin_for_write
from trassa.schema.types import TypeSpec

MAX_CHARACTERS = 10_000

Cause = Mapping[str, Any]


def add_comment(
    actor: Actor,
    spec: TypeSpec,
    record_id: int,
    text: str,
    *,
    files: Sequence[int] = (),
    answers: int | None = None,
    cause: Cause,
) -> Comment:
    """Write about a record, with uploads of the actor as files; `answers` is the comment that it answers.

    Raises NotFound when the actor does not see it, Invalid for nothing, for files or an answered comment that
    are not there, and for naming somebody who does not see the record.
    """
    if not sees_record(actor, spec, record_id):
        raise NotFound(_("There is no such record."))
    cleaned = clean_text(text, optional=bool(files))
    with transaction.atomic():
        if files:
            pin_for_write()
        answered = None if answers is None else find_answered(record_id, answers)
        comment = Comment.objects.create(
            record_id=record_id,
            author_id=actor.id,
            text=cleaned,
            answers=answered,
            thread_id=None if answered is None else answered.thread_id or answered.id,
            created_at=now(),
        )
        told = put_files(actor, comment, files)
        mentioned = put_mentions(spec, comment)
        note(actor, comment, COMMENTED, cause, text=(None, cleaned), files=told)
        tell_added(spec, comment, answered, mentioned)
    return comment


def find_answered(record_id: int, id: int) -> Comment:
    """The comment of the record that is to be answered; raises Invalid (field "answers")."""
    found = Comment.objects.filter(
        has_something(), id=id, record_id=record_id, deleted_at__isnull=True
    ).first()
    if found is None:
        message = _("The comment that you answer is not there any more.")
        raise Invalid(message, errors=[FieldError("answers", "unknown_comment", message)])
    return found


def tell_added(spec: TypeSpec, comment: Comment, answered: Comment | None, mentioned: Sequence[int]) -> None:
    """Say in the outbox who is to hear of a new comment; they and its author watch from now on."""
    author_id, answered_id = comment.author_id, answered.author_id if answered else None
    if answered_id in (author_id, *mentioned):
        answered_id = None
    watch_along(comment.record_id, [*mentioned, *([] if author_id is None else [author_id])])
    watchers = read_watchers(comment.record_id, read_place(spec, comment.record_id))
    watching = {each.id for each in watchers.people}
    payload = {
        **told_ids(spec, comment),
        "answers": comment.answers_id,
        "answered": answered_id,
        "mentioned": [id for id in mentioned if id != author_id],
        "watching": sorted(watching - {author_id, answered_id, *mentioned}),
    }
    publish(COMMENT_ADDED, payload)


def tell_edited(spec: TypeSpec, comment: Comment, mentioned: Sequence[int]) -> None:
    """Say in the outbox whom a changed comment names now; they watch from now on."""
    watch_along(comment.record_id, mentioned)
    named = [id for id in mentioned if id != comment.author_id]
    publish(COMMENT_EDITED, {**told_ids(spec, comment), "mentioned": named})


def told_ids(spec: TypeSpec, comment: Comment) -> dict[str, Any]:
    return {
        "type": spec.id,
        "record": comment.record_id,
        "comment": comment.id,
        "author": comment.author_id,
    }


def edit_comment(
    actor: Actor,
    spec: TypeSpec,
    record_id: int,
    id: int,
    text: str | None = None,
    *,
    files: Sequence[int] | None = None,
    cause: Cause,
) -> Comment:
    """Change text or files (all that it is to have) of one's own comment; None leaves them.

    History keeps what was before.
    """
    with transaction.atomic():
        pin_for_write()
        comment = lock_comment(actor, spec, record_id, id)
        if comment.author_id != actor.id:
            raise Forbidden(_("Only its author can change a comment."))
        told = None if files is None else put_files(actor, comment, files)
        before = comment.text
        carries = File.objects.filter(comment=comment, removed_at__isnull=True).exists()
        comment.text = clean_text(before if text is None else text, optional=carries)
        if comment.text != before or told:
            comment.edited_at = now()
            comment.save(update_fields=["text", "edited_at"])
            mentioned = put_mentions(spec, comment)
            note(actor, comment, EDITED, cause, text=(before, comment.text), files=told)
            tell_edited(spec, comment, mentioned)
    return comment


def delete_comment(actor: Actor, spec: TypeSpec, record_id: int, id: int, *, cause: Cause) -> None:
    """Take a comment away; `restore_comment` brings it back."""
    with transaction.atomic():
        pin_for_write()
        comment = lock_comment(actor, spec, record_id, id)
        refuse_strangers(actor, spec, comment)
        moment = now()
        comment.deleted_at, comment.pinned_at = moment, None
        comment.save(update_fields=["deleted_at", "pinned_at"])
        remove_files(comment, moment)
        note(actor, comment, DELETED, cause)


def restore_comment(actor: Actor, spec: TypeSpec, record_id: int, id: int, *, cause: Cause) -> Comment:
    """Bring back a deleted comment that has not been erased, with the files that went with it."""
    with transaction.atomic():
        pin_for_write()
        comment = lock_comment(actor, spec, record_id, id, deleted=True)
        refuse_strangers(actor, spec, comment)
        if comment.deleted_at is not None:
            return_files(comment, comment.deleted_at)
        comment.deleted_at = None
        comment.save(update_fields=["deleted_at"])
        note(actor, comment, RESTORED, cause)
    return comment


def pin_comment(
    actor: Actor, spec: TypeSpec, record_id: int, id: int, *, pinned: bool, cause: Cause
) -> Comment:
    """Keep a comment above the others, or let it go."""
    with transaction.atomic():
        comment = lock_comment(actor, spec, record_id, id)
        if not may_with_record(actor, Verb.EDIT, spec, record_id):
            raise Forbidden(_("Your role does not allow this change."))
        if pinned is not (comment.pinned_at is not None):
            comment.pinned_at = now() if pinned else None
            comment.save(update_fields=["pinned_at"])
            note(actor, comment, PINNED if pinned else UNPINNED, cause)
    return comment


def change_comment_of(
    actor: Actor,
    spec: TypeSpec,
    record_id: int,
    id: int,
    *,
    text: str | None = None,
    files: Sequence[int] | None = None,
    pinned: bool | None = None,
    cause: Cause,
) -> Comment:
    """Change text, files and pin, or any of them, in one transaction."""
    with transaction.atomic():
        pin_for_write()
        comment = lock_comment(actor, spec, record_id, id)
        if text is not None or files is not None:
            comment = edit_comment(actor, spec, record_id, id, text, files=files, cause=cause)
        if pinned is not None:
            comment = pin_comment(actor, spec, record_id, id, pinned=pinned, cause=cause)
    return comment


def erase_deleted_comments() -> int:
    """Erase comments deleted long ago, here and from history; gives how many. Can run twice."""
    long_ago = now() - timedelta(days=settings.TRASSA_REMOVED_DAYS)
    due = Comment.objects.filter(has_something(), deleted_at__lt=long_ago)
    for comment in list(due):
        with transaction.atomic():
            erase_comment(comment)
    return len(due)


def erase_comment(comment: Comment) -> None:
    """Remove a text and the files for good."""
    # A comment that moved in a merge is told in the history of both records.
    streams = [Stream("record", id) for id in list_relatives(comment.record_id)]
    for stream, key in product(streams, (comment_key(comment.id), comment_files_key(comment.id))):
        before = None
        while entries := list_entries(stream, before_seq=before, limit=200, key=key):
            for entry in entries:
                erase(stream, entry.seq, [key], actor_id=None)
            before = entries[-1].seq
    File.objects.filter(comment=comment).delete()
    Mention.objects.filter(comment=comment).delete()
    Reaction.objects.filter(comment=comment).delete()
    Comment.objects.filter(id=comment.id).update(text="")


def has_something() -> Q:
    """Comments that have not been erased."""
    return ~Q(text="") | Q(Exists(File.objects.filter(comment=OuterRef("pk"))))


def move_comments(source: int, target: int) -> list[int]:
    """Turn all comments of a record to another one, deleted ones too; gives their ids."""
    ids = list(Comment.objects.filter(record_id=source).order_by("id").values_list("id", flat=True))
    Comment.objects.filter(id__in=ids).update(record_id=target)
    move_files(ids, source, target)
    return ids


def move_comments_back(ids: Sequence[int], target: int, source: int) -> None:
    """Turn those of these comments that still stand on `target` to `source`."""
    standing = list(Comment.objects.filter(id__in=ids, record_id=target).values_list("id", flat=True))
    Comment.objects.filter(id__in=standing).update(record_id=source)
    move_files(standing, target, source)


def lock_comment(actor: Actor, spec: TypeSpec, record_id: int, id: int, *, deleted: bool = False) -> Comment:
    """A comment of a record that the actor sees, locked; raises NotFound."""
    found = Comment.objects.select_for_update().filter(
        id=id, record_id=record_id, deleted_at__isnull=not deleted
    )
    comment = found.filter(has_something()).first()
    if comment is None or not sees_record(actor, spec, record_id):
        raise NotFound(_("There is no such comment."))
    return comment


def refuse_strangers(actor: Actor, spec: TypeSpec, comment: Comment) -> None:
    """Raise Forbidden for whoever is neither the author nor may delete the record."""
    if comment.author_id != actor.id and not may_with_record(actor, Verb.DELETE, spec, comment.record_id):
        raise Forbidden(_("Only its author can delete a comment."))


def note(
    actor: Actor,
    comment: Comment,
    kind: str,
    cause: Cause,
    *,
    text: tuple[str | None, str] | None = None,
    files: Told | None = None,
) -> None:
    """One entry of history with what was before and is now, and news for open cards."""
    told = {comment_key(comment.id): text, comment_files_key(comment.id): files}
    changes = {key: pair for key, pair in told.items() if pair is not None and pair[0] != pair[1]}
    entry = NewEntry(Stream("record", comment.record_id), kind, changes)
    append([entry], actor_id=actor.id, cause={**cause, "comment": comment.id})
    touch_records([comment.record_id])


def clean_text(raw: str, *, optional: bool = False) -> str:
    """Lines without trailing spaces and control characters; raises Invalid for nothing and for too much."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = "\n".join("".join(filter(is_readable, line)).rstrip() for line in lines).strip("\n")
    if not text.strip():
        if optional:
            return ""
        message = _("Write something.")
        raise Invalid(message, errors=[FieldError("text", "required", message)])
    if len(text) > MAX_CHARACTERS:
        message = _("Write at most %s characters.") % MAX_CHARACTERS
        raise Invalid(message, errors=[FieldError("text", "too_long", message)])
    return text


def is_readable(character: str) -> bool:
    return character == "\t" or unicodedata.category(character) not in ("Cc", "Cs")
