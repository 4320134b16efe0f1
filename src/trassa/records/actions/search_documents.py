"""Seventh phase: words and keys by which search finds the records of the batch."""

from collections.abc import Sequence

from trassa.records.actions.attachments import beside_changes, complete_files, names_beside
from trassa.records.actions.batch import Batch, Item, by_type
from trassa.records.actions.statements import Statements
from trassa.records.field_kinds import words_of_names
from trassa.records.marks import marks_of
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec

#: Columns beside the words; a move changes these alone and leaves the word index as it is.
_PLACE = ("pipeline_id", "stage_id")
#: What a document is made from, and what of it goes into which column.
_GIVEN = {
    **dict.fromkeys(("record_id", "field_id", "type_id", *_PLACE), "bigint"),
    "text": "text",
    "marks": "tsvector",
}
_COLUMNS = {
    **{name: name for name in ("record_id", "field_id", "type_id", *_PLACE)},
    "words": "to_tsvector('russian', text) || marks",
}
#: Search reads the beginning of long texts; the rest is found by the field's own filter.
MAX_WORDS = 20_000


def store_search_documents(batch: Batch) -> None:
    """Write documents and keys of new records, and of old ones only what has changed."""
    fresh = [item for item in batch.stored if item.is_new]
    reworded = [item for item in batch.stored if not item.is_new and is_reworded(item)]
    moved = [item for item in batch.stored if not item.is_new and item not in reworded and is_moved(item)]
    statements = batch.statements
    statements.delete("records_search", "record_id", [item.id for item in reworded])
    insert_documents(statements, [*fresh, *reworded])
    rekeyed = [item for item in reworded if is_rekeyed(item)]
    statements.delete("records_key", "record_id", [item.id for item in rekeyed])
    insert_keys(statements, [*fresh, *rekeyed])
    rows = [(item.id, item.after) for item in moved]
    statements.update("records_search", _PLACE, ["bigint"] * len(_PLACE), rows, key="record_id")


def is_rekeyed(item: Item) -> bool:
    """Whether keys changed, or left or entered the bin with their record."""
    return "deleted_at" in item.changed_columns() or any(has_keys(field) for field in item.changed_fields())


def is_reworded(item: Item) -> bool:
    """Whether the words of the record, its marks or its place in the bin changed."""
    columns = set(item.changed_columns())
    if columns & {"title", "deleted_at", "owner_id", "department_id"}:
        return True
    if item.participants_after != item.participants_before or beside_changes(item) is not None:
        return True
    return any(has_words(field) or has_keys(field) for field in item.changed_fields())


def is_moved(item: Item) -> bool:
    return bool(set(item.changed_columns()) & set(_PLACE))


def has_words(field: FieldSpec) -> bool:
    return field_kinds.get(field.kind).searchable


def has_keys(field: FieldSpec) -> bool:
    return field_kinds.get(field.kind).has_keys(field)


def insert_documents(statements: Statements, items: Sequence[Item]) -> None:
    """One statement for all parts; records in the bin have none."""
    rows = []
    kept = [item for item in items if item.after.get("deleted_at") is None]
    complete_files(kept)
    for spec, group in by_type(kept):
        fields = [field for field in spec.fields if has_words(field)]
        for item in group:
            place = [item.after.get(column) for column in _PLACE]
            marks = item_marks(item)
            rows += [
                [item.id, field_id, spec.id, *place, text, marks]
                for field_id, text in document_parts(item, fields)
            ]
    statements.insert_computed("records_search", _COLUMNS, _GIVEN, rows)
    fresh = [[text] for _id, field_id, *_place, text, _marks in rows if field_id == 0]
    statements.insert("records_fresh_text", ("text",), fresh)


def item_marks(item: Item) -> str:
    """Marks of the record's type, department, owner and participants."""
    owner = item.after.get("owner_id")
    people = item.participants_after | ({owner} if owner is not None else set())
    return marks_of(item.spec.id, item.after.get("department_id"), people)


def document_parts(item: Item, fields: Sequence[FieldSpec]) -> list[tuple[int, str]]:
    """The open words as part 0, and one part for each restricted one of these fields, which have words."""
    words = [str(item.after["title"]), item.spec.format_number(item.after["number"])]
    words += words_of_names(names_beside(item))
    parts: list[tuple[int, str]] = []
    for field in fields:
        value = item.value(field)
        if value is None:
            continue
        text = field_kinds.get(field.kind).words(value)
        if field.restricted:
            parts.append((field.id, text[:MAX_WORDS]))
        else:
            words.append(text)
    return [(0, " ".join(dict.fromkeys(words))[:MAX_WORDS]), *parts]


def insert_keys(statements: Statements, items: Sequence[Item]) -> None:
    """Normalised keys of all fields; a restricted field's keys carry its id and are filtered by it."""
    rows: set[tuple[int, int, int, str]] = set()
    for spec, group in by_type(item for item in items if item.after.get("deleted_at") is None):
        fields = [field for field in spec.fields if has_keys(field)]
        for item in group:
            for field in fields:
                value = item.value(field)
                keys = field_kinds.get(field.kind).keys(value, field) if value is not None else ()
                rows |= {(item.id, field.id, spec.id, key) for key in keys}
    statements.insert("records_key", ("record_id", "field_id", "type_id", "value"), sorted(rows))
