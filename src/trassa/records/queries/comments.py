"""Comments as a person who sees the record may read them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.journal import Stream, list_entries
from trassa.kernel import NotFound
from trassa.records.models import Comment
from trassa.records.queries.files import read_files
from trassa.records.queries.merges import list_relatives
from trassa.records.types import StoredFile
from trassa.schema.types import TypeSpec

#: Kind of the entry of history with which a comment begins.
COMMENTED = "commented"
EDITED, DELETED, RESTORED = "comment_edited", "comment_deleted", "comment_restored"
PINNED, UNPINNED = "comment_pinned", "comment_unpinned"
COMMENT_KINDS = (COMMENTED, EDITED, DELETED, RESTORED, PINNED, UNPINNED)
#: Kinds of entries that say nothing to readers of a timeline: who reacted, who watches.
REACTED, WATCHED, MUTED = "comment_reacted", "watched", "muted"
QUIET_KINDS = (REACTED, WATCHED, MUTED)
_KEY = "c_"


def comment_key(id: int) -> str:
    """The key of a comment's text in history."""
    return f"{_KEY}{id}"


def comment_files_key(id: int) -> str:
    """The key of a comment's files in history."""
    return f"{_KEY}{id}_files"


def comment_reactions_key(id: int) -> str:
    """The key of the reactions to a comment in history."""
    return f"{_KEY}{id}_reactions"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a comment answers: who wrote it, how it begins; nothing of one that is gone."""

    author_id: int | None
    text: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class CommentVersion:
    """A text that a comment had, and since when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment that is there, with its files and what hangs on it."""

    id: int
    record_id: int
    author_id: int | None
    text: str
    created_at: datetime
    edited_at: datetime | None
    pinned_at: datetime | None
    files: Sequence[StoredFile] = ()
    #: The comment that it answers, and the one with which the thread began; None where nothing is answered.
    answers_id: int | None = None
    thread_id: int | None = None
    quote: Quote | None = None
    #: How many comments stand in the thread that begins here.
    answers: int = 0
    #: Who is named: the login as it stands in the text → person.
    mentions: Mapping[str, int] = field(default_factory=dict)
    #: Code of a reaction → who reacted so, in their order.
    reactions: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def people(self) -> set[int]:
        """Everybody whose name is needed to show it, without the author."""
        reacting = {id for ids in self.reactions.values() for id in ids}
        quoted = {self.quote.author_id} if self.quote else set()
        return {id for id in reacting | quoted | set(self.mentions.values()) if id is not None}


def list_comments(
    record_id: int, *, before: int | None = None, limit: int = 50, thread: int | None = None
) -> list[CommentLine]:
    """Comments of a record that the caller has found visible, newest first, behind `before` (an id).

    `thread` limits them to the one with this id and those that answer in its thread.
    """
    rows = Comment.objects.filter(record_id=record_id, deleted_at__isnull=True)
    if thread is not None:
        rows = rows.filter(Q(id=thread) | Q(thread_id=thread))
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


def get_comment(record_id: int, id: int) -> CommentLine:
    """A comment of a record that the caller has found visible; raises NotFound."""
    found = Comment.objects.filter(id=id, record_id=record_id, deleted_at__isnull=True)
    line = next(iter(lines_of(found)), None)
    if line is None:
        raise NotFound(_("There is no such comment."))
    return line


def lines_of(rows: Iterable[Comment]) -> list[CommentLine]:
    """These comments with their files and what hangs on them; two queries, none for none."""
    comments = list(rows)
    if not comments:
        return []
    files: dict[int | None, list[StoredFile]] = defaultdict(list)
    for file in read_files(comment_id__in=[row.id for row in comments], removed_at__isnull=True):
        files[file.comment_id].append(file)
    around = read_around([row.id for row in comments])
    return [
        CommentLine(
            row.id,
            row.record_id,
            row.author_id,
            row.text,
            row.created_at,
            row.edited_at,
            row.pinned_at,
            files[row.id],
            row.answers_id,
            row.thread_id,
            around.quotes.get(row.id),
            around.answers.get(row.id, 0),
            around.mentions[row.id],
            around.reactions[row.id],
        )
        for row in comments
    ]


@dataclass(frozen=True, slots=True)
class Around:
    """What hangs on some comments, by their ids."""

    mentions: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    reactions: dict[int, dict[str, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    answers: dict[int, int] = field(default_factory=dict)
    quotes: dict[int, Quote] = field(default_factory=dict)


#: A comment may answer one that went back to another record when a merge was taken apart: that is not shown.
_AROUND = """
    SELECT 'mention', comment_id, person_id, word, NULL::timestamptz AS at
    FROM records_mention WHERE comment_id = ANY(%(ids)s)
    UNION ALL
    SELECT 'reaction', comment_id, person_id, kind, at FROM records_reaction WHERE comment_id = ANY(%(ids)s)
    UNION ALL
    SELECT 'answers', answer.thread_id, count(*), '', NULL
    FROM records_comment answer JOIN records_comment begun
      ON begun.id = answer.thread_id AND begun.record_id = answer.record_id
    WHERE answer.thread_id = ANY(%(ids)s) AND answer.deleted_at IS NULL GROUP BY answer.thread_id
    UNION ALL
    SELECT CASE WHEN said.deleted_at IS NULL AND said.record_id = answer.record_id
      THEN 'quote' ELSE 'gone' END, answer.id, said.author_id, left(said.text, 200), NULL
    FROM records_comment answer JOIN records_comment said ON said.id = answer.answers_id
    WHERE answer.id = ANY(%(ids)s)
    ORDER BY at
"""


def read_around(ids: Sequence[int]) -> Around:
    """Mentions, reactions, numbers of answers and quotes of these comments; one query."""
    around = Around()
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"ids": list(ids)})
        for what, id, number, text, _at in cursor.fetchall():
            match what:
                case "mention":
                    around.mentions[id][text] = number
                case "reaction":
                    around.reactions[id][text].append(number)
                case "answers":
                    around.answers[id] = number
                case "quote":
                    around.quotes[id] = Quote(number, text)
                case "gone":
                    around.quotes[id] = Quote(None, "", is_gone=True)
    return around


def list_versions(comment: CommentLine, record_id: int) -> list[CommentVersion]:
    """The texts that a comment has had, the newest first; the caller has found it visible."""
    key = comment_key(comment.id)
    streams = [Stream("record", id) for id in list_relatives(record_id)]
    entries = [entry for stream in streams for entry in list_entries(stream, limit=200, key=key)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return [CommentVersion(str(entry.changes[key][1] or ""), entry.at) for entry in entries]


def may_with_record(actor: Actor, verb: Verb, spec: TypeSpec, record_id: int) -> bool:
    """Whether the actor may apply the verb to a record."""
    rows = spec.model._default_manager.filter(pk=record_id)
    return bool(restrict(rows, actor.reach(verb, spec)).exists())
