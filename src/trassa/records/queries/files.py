"""Files as a person may see them: with the rights of the record, and of the field that holds them.

What else holds a file says who sees it. An upload is seen by whoever uploaded it. Whatever else is asked for
is not there.
"""

from collections.abc import Iterable
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.kernel import NotFound, Unavailable, now
from trassa.records.contents.store import ContentMissing, current_store
from trassa.records.models import Anchor, File
from trassa.records.registries import file_holders
from trassa.records.types import StoredFile
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

#: Attributes of a StoredFile → columns.
COLUMNS = {
    "id": "id",
    "name": "name",
    "hash": "content_id",
    "size": "content__size",
    "type": "type",
    "uploaded_by_id": "uploaded_by_id",
    "uploaded_at": "uploaded_at",
    "expires_at": "expires_at",
    "record_id": "record_id",
    "field_id": "field_id",
    "comment_id": "comment_id",
    "holder": "holder",
    "holder_id": "holder_id",
    "kind_id": "kind_id",
    "width": "content__width",
    "height": "content__height",
    "preview": "content__preview",
    "thumbnail_hash": "content__thumbnail_id",
    "large_hash": "content__large_id",
    "removed_at": "removed_at",
}


def read_files(**conditions: Any) -> list[StoredFile]:
    """Files in the order of their fields and places, whoever asks; the caller has looked at rights."""
    rows = File.objects.filter(**conditions).order_by("field_id", "position", "id")
    names = list(COLUMNS)
    return [StoredFile(**dict(zip(names, row, strict=True))) for row in rows.values_list(*COLUMNS.values())]


def get_file(actor: Actor, id: int) -> StoredFile:
    """A file that the person may see; raises NotFound, for removed ones too."""
    found = next(iter(read_files(id=id, removed_at__isnull=True)), None)
    if found is None or not sees_file(actor, found):
        raise NotFound(_("There is no such file."))
    return found


def sees_file(actor: Actor, file: StoredFile) -> bool:
    """Whether the rights of the record and of the field, or having uploaded it, let the person see a file."""
    if file.holder:
        holder = file_holders.find(file.holder)
        return holder is not None and holder.sees(actor, file.holder_id or 0)
    if file.record_id is None:
        return file.uploaded_by_id == actor.id and file.expires_at is not None and file.expires_at > now()
    anchor = Anchor.objects.filter(id=file.record_id).values("type_id", "deleted_at").first()
    spec = current_generation().types_by_id.get(anchor["type_id"]) if anchor else None
    if anchor is None or spec is None:
        return False
    if file.field_id is not None:
        field = spec.by_id.get(file.field_id)
        if field is None or not actor.sees_field(field):
            return False
    return sees_record(actor, spec, file.record_id, binned=anchor["deleted_at"] is not None)


def find_place(file: StoredFile) -> tuple[str, str]:
    """The code of the type and of the field of an attached file, "" beside the fields; raises NotFound."""
    type_id = Anchor.objects.filter(id=file.record_id or 0).values_list("type_id", flat=True).first()
    spec = current_generation().types_by_id.get(type_id or 0)
    field = spec.by_id.get(file.field_id or 0) if spec else None
    if spec is None or (file.field_id is not None and field is None):
        raise NotFound(_("There is no such file."))
    return spec.code, field.code if field else ""


def sees_record(actor: Actor, spec: TypeSpec, id: int, *, binned: bool = False) -> bool:
    """Whether a record is there for this person; in the bin, for those who may restore it."""
    rows = spec.model._default_manager.filter(pk=id, deleted_at__isnull=not binned)
    rows = restrict(rows, actor.reach(Verb.SEE, spec))
    if binned:
        rows = restrict(rows, actor.reach(Verb.DELETE, spec))
    return bool(rows.exists())


def open_content(actor: Actor, id: int) -> tuple[StoredFile, BinaryIO]:
    """A file and its content from the beginning; the caller closes it.

    Raises NotFound when the person may not see the file, Unavailable when the store has lost the content.
    """
    file = get_file(actor, id)
    return file, open_stored(file.hash)


def open_stored(hash: str) -> BinaryIO:
    """A content by its hash, whoever asks; raises Unavailable when the store has lost it."""
    try:
        return current_store().open(hash)
    except ContentMissing:
        raise Unavailable(
            _("The content of this file cannot be read now. Tell your administrator."), code="content_missing"
        ) from None


def open_picture(actor: Actor, id: int, *, large: bool) -> tuple[StoredFile, str, BinaryIO]:
    """A file with the hash and the stream of its small (or large) picture; NotFound while there is none."""
    file = get_file(actor, id)
    hash = file.large_hash if large else file.thumbnail_hash
    if hash is None:
        raise NotFound(_("There is no picture of this file."))
    return file, hash, open_stored(hash)


def list_record_files(actor: Actor, spec: TypeSpec, record_ids: Iterable[int]) -> list[StoredFile]:
    """Files of records that the caller has found visible, without fields that the person does not see.

    Files beside the fields come last; those of comments come with their comments.
    """
    seen = {field.id for field in actor.visible_fields(spec)}
    files = read_files(record_id__in=list(record_ids), comment_id__isnull=True, removed_at__isnull=True)
    return [file for file in files if file.field_id is None or file.field_id in seen]
