"""What had happened to a record and what had been said about it by a moment, as it stood then.

Texts of comments are those of that moment, read backwards from today's like values of fields. What was
deleted since is there without its text, which is not told any more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from trassa.access.queries import Actor
from trassa.journal import Entry
from trassa.records.queries.cards import HistoryEntry, list_history
from trassa.records.queries.comments import (
    COMMENT_KINDS,
    COMMENTED,
    DELETED,
    CommentLine,
    comment_key,
)
from trassa.records.queries.files import read_files
from trassa.records.queries.merges import list_taken_in
from trassa.records.queries.past import entries_back_to
from trassa.records.types import StoredFile
from trassa.schema.types import TypeSpec

#: So many of the latest entries before the moment are read.
MAX_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class PastEntry:
    """An entry of history, with the comment that it began as it stood."""

    entry: HistoryEntry
    comment: CommentLine | None = None
    #: Files that the comment had, and those of them that have been removed since.
    files: Sequence[StoredFile] = ()
    removed: Sequence[StoredFile] = ()
    #: It was a comment that has been deleted since.
    is_deleted_since: bool = False


def stream_as_of(actor: Actor, spec: TypeSpec, id: int, moment: datetime) -> list[PastEntry]:
    """The timeline of a visible record as of a moment, newest first."""
    later = list(entries_back_to(id, moment))
    behind = (later[-1].seq, None) if later else None
    parts = set(list_taken_in(id, by=moment))
    found = [
        entry
        for entry in list_history(actor, spec, id, before=behind, limit=MAX_ENTRIES)
        if entry.record_id is None or entry.record_id in parts
    ]
    texts = texts_before(later)
    gone = {entry.cause.get("comment") for entry in later if entry.kind == DELETED}
    files = files_as_of([entry.comment.id for entry in found if entry.comment], moment)
    made = (past_entry(entry, moment, texts, files, is_gone=is_gone(entry, gone)) for entry in found)
    return [each for each in made if is_told(each)]


def is_gone(entry: HistoryEntry, gone: Collection[object]) -> bool:
    """Whether a comment began here that is not there today, because it was deleted after the moment."""
    return entry.kind == COMMENTED and entry.comment is None and entry.cause.get("comment") in gone


def is_told(past: PastEntry) -> bool:
    """Whether an entry says something: of comments only how they began, as they stood in the end."""
    return past.entry.kind not in COMMENT_KINDS or past.comment is not None or past.is_deleted_since


def texts_before(later: Sequence[Entry]) -> dict[str, str]:
    """Texts of comments before these entries, which are newest first, by their keys in history."""
    found: dict[str, str] = {}
    for entry in later:
        for key, (before, _after) in entry.changes.items():
            if isinstance(before, str):
                found[key] = before
    return found


def files_as_of(comment_ids: Sequence[int], moment: datetime) -> Mapping[int, list[StoredFile]]:
    """Files that comments had at a moment, by the comment; one query, none for none."""
    found: dict[int, list[StoredFile]] = {}
    if not comment_ids:
        return found
    for file in read_files(comment_id__in=list(comment_ids), uploaded_at__lte=moment):
        if file.comment_id is not None and (file.removed_at is None or file.removed_at > moment):
            found.setdefault(file.comment_id, []).append(file)
    return found


def past_entry(
    entry: HistoryEntry,
    moment: datetime,
    texts: Mapping[str, str],
    files: Mapping[int, list[StoredFile]],
    *,
    is_gone: bool,
) -> PastEntry:
    line = entry.comment
    if line is None:
        return PastEntry(entry, is_deleted_since=is_gone)
    edited = line.edited_at if line.edited_at and line.edited_at <= moment else None
    text = texts.get(comment_key(line.id), line.text)
    had = files.get(line.id, [])
    return PastEntry(
        replace(entry, comment=None),
        replace(line, text=text, edited_at=edited, pinned_at=None),
        files=[file for file in had if file.removed_at is None],
        removed=[file for file in had if file.removed_at is not None],
    )
