"""Files in the write path: they are values of fields, kept in a table of their own, like links.

A write may attach uploads of the writer and files that hang on the same record already, beside its fields or
removed from the same field; everything else is not there. Files of comments are changed with their comments,
by `comment_files`. See docs/decisions/0019-files.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from trassa.records.actions.batch import Batch, Item
from trassa.records.contents.names import clean_name, split_name
from trassa.records.contents.types import type_of_code
from trassa.records.field_kinds import GROUP_NAMES, MAX_FILES
from trassa.records.queries.attachments import BESIDE, IN_COMMENTS, as_attached, files_of_records
from trassa.records.queries.files import read_files
from trassa.records.types import COMING, GOING, KEEP, Attached, FileChange, StoredFile
from trassa.schema.types import FieldSpec, TypeSpec

_COLUMNS = ("record_id", "field_id", "kind_id", "name", "position", "expires_at", "removed_at")
_TYPES = ("bigint", "bigint", "bigint", "text", "integer", "timestamptz", "timestamptz")


def file_fields(spec: TypeSpec) -> list[FieldSpec]:
    """The fields of a type that hold files."""
    return [field for field in spec.fields if field.kind == "files"]


def load_files(items: Sequence[Item], spec: TypeSpec) -> None:
    """Read the files of records that the batch changes, where anything about files may matter."""
    with_fields = bool(file_fields(spec))
    complete_files([item for item in items if with_fields or item.write.files])


def complete_files(items: Iterable[Item]) -> None:
    """Read the files of old records whose files are not known yet; at most one query."""
    by_id = {item.id: item for item in items if item.before and not item.files_known}
    if not by_id:
        return
    found = files_of_records(by_id)
    for id, item in by_id.items():
        item.files_before, item.files_known = dict(found.get(id, {})), True
        item.files_in_comments = item.files_before.pop(IN_COMMENTS, ())


def check_files(batch: Batch) -> None:
    """Find out what the ids of files mean; refuse those that are not there or do not fit their field."""
    live = [item for item in batch.live if item.write.change not in GOING | COMING]
    for item in live:
        for code, change in item.write.files.items():
            change_place(batch, item, code, change)
    known = lock_files(
        {each.id for item in live for field_id in item.files for each in new_files(item, field_id)}
    )
    taken: set[int] = set()
    for item in live:
        for field in file_fields(item.spec):
            if field.id in item.files:
                resolve(batch, item, field, known, taken)
        if BESIDE in item.files:
            resolve(batch, item, None, known, taken)


def change_place(batch: Batch, item: Item, code: str, change: FileChange) -> None:
    """Note what a place is to hold when some files come and others go; an unseen field is no place."""
    field = item.spec.by_code.get(code)
    if code and (field is None or field.kind != "files" or not batch.actor.sees_field(field)):
        item.refuse(code, "unknown_field", _("There is no such field."))
        return
    if field is not None and (
        (field.read_only and batch.actor.id is not None) or not batch.actor.edits_field(field)
    ):
        item.refuse(code, "forbidden", _("Your role does not allow changing this field."))
        return
    key = field.id if field else BESIDE
    named = {each.id: each for each in change.attach}
    present = item.files_before.get(key, ())
    kept = [named.pop(each.id, each) for each in present if each.id not in change.detach]
    multiple = field is None or field.settings.get("multiple", True)
    files = (*kept, *named.values()) if multiple or not named else tuple(named.values())
    if len(files) > (MAX_FILES if multiple else 1):
        item.refuse(
            code or "files", "too_many", _("At most %s files may lie here.") % (MAX_FILES if multiple else 1)
        )
    item.files[key] = files


def new_files(item: Item, field_id: int) -> list[Attached]:
    """Files that were not there before."""
    before = {each.id for each in item.files_before.get(field_id, ())}
    return [each for each in item.files[field_id] if each.id not in before]


def lock_files(ids: Iterable[int]) -> dict[int, StoredFile]:
    """Files by their ids, locked until the transaction ends, in ascending order."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM records_file WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [wanted])
    return {file.id: file for file in read_files(id__in=wanted)}


def resolve(
    batch: Batch, item: Item, field: FieldSpec | None, known: dict[int, StoredFile], taken: set[int]
) -> None:
    """Complete the files of one field (None: beside the fields) with their names, sizes and types."""
    key = field.id if field else BESIDE
    before = {each.id: each for each in item.files_before.get(key, ())}
    found = []
    for each in item.files[key]:
        present = before.get(each.id)
        if present is None:
            file = known.get(each.id)
            if file is None or each.id in taken or not may_attach(batch, item, key, file):
                message = _("There is no such file to attach. Upload it once more.")
                item.refuse(field.code if field else "files", "unknown_file", message)
                return
            taken.add(each.id)
            present = replace(as_attached(file), kind=None)
            if field is not None and not fits(item, field, present):
                return
            if file.record_id is not None and file.field_id is None and field is not None:
                leave_beside(item, each.id)
        found.append(renamed(present, each))
    item.files[key] = tuple(found)


def may_attach(batch: Batch, item: Item, key: int, file: StoredFile) -> bool:
    """Whether a file is an upload of the writer, or hangs on this record where it may be taken from."""
    if file.record_id is None:
        own = batch.actor.id is None or file.uploaded_by_id == batch.actor.id
        return own and file.expires_at is not None and file.expires_at > batch.moment
    if item.is_new or file.record_id != item.id or file.comment_id is not None:
        return False
    return file.field_id is None or (file.field_id == key and file.removed_at is not None)


def leave_beside(item: Item, id: int) -> None:
    """A file goes from beside the fields into one of them."""
    beside = item.files.get(BESIDE, item.files_before.get(BESIDE, ()))
    item.files[BESIDE] = tuple(each for each in beside if each.id != id)


def fits(item: Item, field: FieldSpec, file: Attached) -> bool:
    """Whether type and size are what the field takes; notes a refusal."""
    groups = [word.strip() for word in str(field.settings.get("types") or "").split(",") if word.strip()]
    if groups and type_of_code(file.type).group not in groups:
        wanted = ", ".join(_(GROUP_NAMES[group]) for group in groups if group in GROUP_NAMES)
        message = _("“%(name)s” does not fit here. This field takes: %(types)s.")
        item.refuse(field.code, "wrong_type", message % {"name": file.name, "types": wanted})
        return False
    megabytes = int(field.settings.get("max_megabytes") or 0)
    if megabytes and file.size > megabytes * 1024**2:
        message = _("“%(name)s” is larger than %(size)s MB. Make it smaller.")
        item.refuse(field.code, "too_large", message % {"name": file.name, "size": megabytes})
        return False
    return True


def renamed(present: Attached, wanted: Attached) -> Attached:
    """The file with the name and the kind that the write gives it; its extension stays."""
    kind = present.kind if wanted.kind == KEEP else wanted.kind
    if not wanted.name or wanted.name == present.name:
        return replace(present, kind=kind)
    _stem, extension = split_name(present.name)
    name = clean_name(wanted.name)
    if split_name(name)[1].lower() != extension.lower():
        name = clean_name(f"{name}{extension}")
    return replace(present, name=name, kind=kind)


def store_files(batch: Batch) -> None:
    """Put changed files into their places; those taken away are marked and collected later."""
    rows: dict[int, dict[str, Any]] = {}
    for item in batch.stored:
        for key, files in item.files.items():
            before = item.files_before.get(key, ())
            if files == before:
                continue
            kept = {each.id for each in files}
            for place, each in enumerate(before):
                if each.id not in kept:
                    rows.setdefault(each.id, file_row(item, key, place, each) | {"removed_at": batch.moment})
        for key, files in item.files.items():
            if files != item.files_before.get(key, ()):
                rows |= {each.id: file_row(item, key, place, each) for place, each in enumerate(files)}
    batch.statements.update("records_file", _COLUMNS, _TYPES, sorted(rows.items()))


def file_row(item: Item, key: int, place: int, file: Attached) -> dict[str, Any]:
    """The columns of a file in its place."""
    return {
        "record_id": item.id,
        "field_id": key or None,
        "kind_id": file.kind,
        "name": file.name,
        "position": place,
        "expires_at": None,
        "removed_at": None,
    }


def beside_changes(item: Item) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """Files beside the fields that went or had another name, and those that came or have it now."""
    before, after = item.files_before.get(BESIDE, ()), item.files.get(BESIDE)
    if after is None or after == before:
        return None
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    return [told_file(each) for each in gone], [told_file(each) for each in come]


def told_file(file: Attached) -> dict[str, Any]:
    """A file as history tells of it."""
    return {"id": file.id, "name": file.name, "size": file.size, "type": file.type}


def names_beside(item: Item) -> list[str]:
    """Names of the files beside the fields, as they are to be, and of those in comments."""
    beside = item.files.get(BESIDE, item.files_before.get(BESIDE, ()))
    return [each.name for each in (*beside, *item.files_in_comments)]
