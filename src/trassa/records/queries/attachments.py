"""Files that hang on records, as values of their fields and beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from trassa.records.contents.serving import may_show
from trassa.records.queries.files import read_files
from trassa.records.types import Attached, StoredFile
from trassa.schema.types import FieldSpec

#: Stands for "beside the fields" where files are kept by the id of their field.
BESIDE = 0
#: Stands for "in comments" there.
IN_COMMENTS = -1
#: Key of history under which files beside the fields went and came.
BESIDE_KEY = "attachments"

#: Files by the id of their field, BESIDE for those beside the fields, IN_COMMENTS for those of comments.
ByField = Mapping[int, tuple[Attached, ...]]


def as_attached(file: StoredFile) -> Attached:
    """A stored file as a value."""
    return Attached(
        file.id,
        file.name,
        file.kind_id,
        file.size,
        file.type,
        preview=file.preview,
        shown=may_show(file.type, file.width),
    )


def files_of_records(record_ids: Iterable[int]) -> dict[int, ByField]:
    """Files by record and field; one query. Whoever asks: fields are left out by the caller."""
    found: dict[int, dict[int, tuple[Attached, ...]]] = defaultdict(lambda: defaultdict(tuple))
    for file in read_files(record_id__in=list(record_ids), removed_at__isnull=True):
        place = IN_COMMENTS if file.comment_id else file.field_id or BESIDE
        found[file.record_id or 0][place] += (as_attached(file),)
    return {id: dict(by_field) for id, by_field in found.items()}


def files_of_fields(
    fields: Sequence[FieldSpec], record_ids: Sequence[int]
) -> dict[str, dict[int, list[Attached]]]:
    """Values of fields of files by field code and record id; one query, none without such fields."""
    wanted = {field.id: field.code for field in fields if field.kind == "files"}
    values: dict[str, dict[int, list[Attached]]] = {code: defaultdict(list) for code in wanted.values()}
    if wanted and record_ids:
        for file in read_files(
            record_id__in=list(record_ids), field_id__in=list(wanted), removed_at__isnull=True
        ):
            values[wanted[file.field_id or 0]][file.record_id or 0].append(as_attached(file))
    return values
