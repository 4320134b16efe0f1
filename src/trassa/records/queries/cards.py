"""One record: its card, its history, what the next stage still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor, restrict
from trassa.access.types import Row, Verb
from trassa.journal import Entry, Stream, list_entries, list_entries_together
from trassa.kernel import NotFound
from trassa.records.queries.comments import (
    COMMENT_KINDS,
    COMMENTED,
    QUIET_KINDS,
    CommentLine,
    comment_files_key,
    comment_key,
    comments_by_id,
)
from trassa.records.queries.frozen import KEPT, kept_key
from trassa.records.queries.merges import list_taken_in
from trassa.records.queries.rows import columns_of, make_records, shown_fields
from trassa.records.types import Outcome, Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, StageSpec, TypeSpec


def get_record(actor: Actor, spec: TypeSpec, id: int, *, binned: bool = False) -> Record:
    """The record with all fields that the person sees.

    Raises NotFound when it is absent, out of reach, or in the bin (out of the bin with `binned`).
    """
    shown = shown_fields(actor, spec, None)
    rows = spec.model._default_manager.filter(pk=id, deleted_at__isnull=not binned)
    rows = restrict(rows, actor.reach(Verb.SEE, spec))
    row = rows.values(*columns_of(shown)).first()
    if row is None:
        raise NotFound(_("There is no such record."))
    return make_records(actor, spec, [row], shown)[0]


def get_written_record(actor: Actor, spec: TypeSpec, outcome: Outcome) -> Record:
    """The record that a write has just stored, like `get_record` but without asking the database.

    Raises NotFound when the write took it out of the person's reach or into the bin.
    """
    row = outcome.row
    if row is None or any(field.is_live for field in spec.fields):
        return get_record(actor, spec, outcome.id or 0)
    place = Row(
        type_id=spec.id,
        owner_id=row.get("owner_id"),
        department_id=row.get("department_id"),
        pipeline_id=row.get("pipeline_id"),
        stage_id=row.get("stage_id"),
        participant_ids=outcome.participant_ids,
    )
    if row.get("deleted_at") is not None or not actor.may(Verb.SEE, place):
        raise NotFound(_("There is no such record."))
    shown = shown_fields(actor, spec, None)
    links: dict[str, dict[int, list[Any]]] = {
        field.code: {row["id"]: list(outcome.links.get(field.id, ()))} for field in shown if field.has_links
    }
    links |= {
        field.code: {row["id"]: list(outcome.files.get(field.id, ()))}
        for field in shown
        if field.kind == "files"
    }
    columns = columns_of(shown)
    return make_records(actor, spec, [{column: row.get(column) for column in columns}], shown, links)[0]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a record's history without what the person may not see.

    `changes` are pairs of key and (before, after): field codes, or `stage`, `owner` and the like. The
    far end of a many-relation has the key "type.field", with the ids unlinked and the ids linked; a formula
    whose value stays the key "frozen:code", with `{"value", "since"}` while it does.
    Ids of stages, reasons and people stay ids; field values are JSON values of their kinds.
    """

    seq: int
    at: datetime
    kind: str
    actor_id: int | None
    cause: dict[str, Any]
    changes: tuple[tuple[str, tuple[Any, Any]], ...]
    #: The comment that was written then, unless it has been deleted.
    comment: CommentLine | None = None
    #: The record in whose history it stands, where that is another one: merged into the one asked for.
    record_id: int | None = None

    @property
    def place(self) -> str:
        """Where in the history a page begins behind this entry, for addresses."""
        return str(self.seq) if self.record_id is None else f"{self.seq}-{self.record_id}"


#: Before the code of a formula whose value began to stay or no longer stays.
FROZEN = "frozen:"
#: Keys of history that are of no use to readers.
_INTERNAL = {"version", "department"}

HistoryPart = Literal["all", "comments", "changes"]
_PARTS: dict[HistoryPart, dict[str, Sequence[str]]] = {
    "all": {"without": QUIET_KINDS},
    "comments": {"only": (COMMENTED,)},
    "changes": {"without": (*COMMENT_KINDS, *QUIET_KINDS)},
}


def list_history(
    actor: Actor,
    spec: TypeSpec,
    id: int,
    *,
    before: tuple[int, int | None] | None = None,
    limit: int = 50,
    of: FieldSpec | str | None = None,
    show: HistoryPart = "all",
) -> list[HistoryEntry]:
    """The record's history, newest first; the caller has made sure that the record is visible.

    What happened to records that are part of it today stands in it by time. `before` is seq and record of
    the entry behind which to go on.

    `of` limits it to changes of one field, which the person must see, or of `stage`, `owner` and the like,
    `show` to comments or to everything else. Texts of deleted comments are not there.
    """
    key = history_key(of)
    visible = actor.visible_fields(spec)
    codes = {field.column: field.code for field in visible} | far_codes(actor, spec)
    codes |= {kept_key(field): f"{FROZEN}{field.code}" for field in visible if field.frozen_when is not None}
    entries = []
    found = read_entries(id, before, limit=limit, key=key, show=show)
    comments = comments_by_id(about for entry in found if (about := comment_of(entry)) is not None)
    codes |= {comment_key(about): f"comment:{about}" for about in comments}
    codes |= {comment_files_key(about): f"comment_files:{about}" for about in comments}
    for entry in found:
        changes = tuple(
            (codes.get(key, key), (before, after))
            for key, (before, after) in entry.changes.items()
            if key not in _INTERNAL and (key in codes or not key.startswith(("f_", KEPT, "l_", "c_")))
        )
        entries.append(
            HistoryEntry(
                entry.seq,
                entry.at,
                entry.kind,
                entry.actor_id,
                dict(entry.cause),
                changes,
                comments.get(comment_of(entry) or 0) if entry.kind == COMMENTED else None,
                entry.stream.id if entry.stream.id != id else None,
            )
        )
    return entries


def read_entries(
    id: int, before: tuple[int, int | None] | None, *, limit: int, key: str, show: HistoryPart
) -> list[Entry]:
    """Entries of a record and of those that are part of it today."""
    taken_in = list_taken_in(id)
    seq, record_id = before or (None, None)
    if not taken_in:
        stream = Stream("record", id)
        return list_entries(stream, before_seq=seq, limit=limit, key=key, **_PARTS[show])
    behind = (record_id or id, seq) if seq is not None else None
    ids = [id, *taken_in]
    return list_entries_together("record", ids, before=behind, limit=limit, key=key, **_PARTS[show])


def comment_of(entry: Entry) -> int | None:
    """The comment that an entry is about."""
    id = entry.cause.get("comment") if entry.kind in COMMENT_KINDS else None
    return id if isinstance(id, int) else None


def entry_of(line: CommentLine) -> HistoryEntry:
    """The entry with which a comment begins, for showing it apart from history."""
    return HistoryEntry(0, line.created_at, COMMENTED, line.author_id, {}, (), line)


def history_key(of: FieldSpec | str | None) -> str:
    """The key under which history keeps a field; "" for everything."""
    if of is None or isinstance(of, str):
        return of or ""
    return of.column


def far_codes(actor: Actor, spec: TypeSpec) -> dict[str, str]:
    """History keys of many-relations that point here, as "type.field", for types that the person sees."""
    return {
        field.link_table: f"{source.code}.{field.code}"
        for source in current_generation()
        if not actor.reach(Verb.SEE, source).nothing
        for field in actor.visible_fields(source)
        if field.has_links and field.target_type_id == spec.id
    }


def missing_for_stage(actor: Actor, spec: TypeSpec, record: Record, stage: StageSpec) -> list[FieldSpec]:
    """Visible fields that `stage` requires and that the record has empty."""
    required = (spec.by_id.get(id) for id in stage.required_field_ids)
    return [
        field
        for field in required
        if field and actor.sees_field(field) and record.values.get(field.code) in (None, "", [])
    ]
