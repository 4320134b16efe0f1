"""Files as cards show them: boxes of files, one for each field of files and one beside the fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.records.contents.serving import may_show
from trassa.records.contents.types import FILE_TYPES, type_of_code
from trassa.records.queries.attachments import as_attached
from trassa.records.queries.files import list_record_files
from trassa.records.types import Attached, StoredFile
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec

_ICONS = {
    "image": "photo",
    "pdf": "file-text",
    "document": "file-text",
    "table": "table",
    "archive": "file-zip",
}


@dataclass(frozen=True, slots=True)
class FileView:
    """One file: its words and addresses."""

    id: int
    name: str
    kind: str
    size: str
    icon: str
    url: str
    save_url: str
    #: Addresses of the pictures, "" while there are none.
    thumbnail: str = ""
    large: str = ""
    #: Browsers may show the file itself.
    shown: bool = False

    @property
    def is_photo(self) -> bool:
        return bool(self.thumbnail) and self.icon == "photo"


@dataclass(frozen=True, slots=True)
class FileBox:
    """The files of one place of a card. `attach_url` is "" for those who may only look."""

    code: str
    label: str
    files: Sequence[FileView]
    attach_url: str = ""
    accept: str = ""
    multiple: bool = True

    @property
    def photos(self) -> list[FileView]:
        """Pictures, which are shown as such."""
        return [file for file in self.files if file.is_photo]

    @property
    def others(self) -> list[FileView]:
        return [file for file in self.files if not file.is_photo]


def field_box(field: FieldSpec, value: Sequence[Attached] | None, *, attach_url: str = "") -> FileBox:
    """The box of a field of files."""
    kinds = {option.id: str(option.label) for option in field.options}
    files = [file_view(each, kinds.get(each.kind or 0, "")) for each in value or ()]
    multiple = bool(field.settings.get("multiple", True))
    return FileBox(field.code, str(field.label), files, attach_url, accepted(field), multiple)


def beside_box(actor: Actor, spec: TypeSpec, id: int, *, attach_url: str = "") -> FileBox:
    """The box of files beside the fields."""
    files = [file for file in list_record_files(actor, spec, [id]) if file.field_id is None]
    return FileBox("", _("Files"), [as_view(file) for file in files], attach_url)


def comment_box(files: Sequence[StoredFile]) -> FileBox:
    """The box of the files that a comment carries; they are changed with the comment."""
    return FileBox("", _("Files"), [as_view(file) for file in files])


def accepted(field: FieldSpec) -> str:
    """What the browser's own dialog offers for the field."""
    groups = {word.strip() for word in str(field.settings.get("types") or "").split(",")} - {""}
    if groups == {"image"}:
        return "image/*"
    types = (each for each in FILE_TYPES.values() if each.group in groups)
    return ",".join(f".{extension}" for each in types for extension in each.extensions)


def as_view(file: StoredFile) -> FileView:
    """A stored file."""
    field = field_of_file(file)
    option = field.find_option(file.kind_id) if field and file.kind_id else None
    return file_view(as_attached(file), str(option.label) if option else "")


def file_view(file: Attached, kind: str = "") -> FileView:
    url = reverse("records:file_content", args=[file.id])
    drawn = file.preview == "made"
    return FileView(
        id=file.id,
        name=file.name,
        kind=kind,
        size=filesizeformat(file.size),
        icon=_ICONS.get(type_of_code(file.type).group, "file"),
        url=f"{url}?show",
        save_url=url,
        thumbnail=reverse("records:picture", args=[file.id, "thumbnail"]) if drawn else "",
        large=reverse("records:picture", args=[file.id, "large"]) if drawn else "",
        shown=file.shown or may_show(file.type, None),
    )


def field_of_file(file: StoredFile) -> FieldSpec | None:
    """The field that holds a file, None beside the fields."""
    if file.field_id is None:
        return None
    found = (spec.by_id.get(file.field_id) for spec in current_generation())
    return next((field for field in found if field is not None), None)


def kind_choices(file: StoredFile) -> list[tuple[str, str, bool]]:
    """Code, label and whether it is chosen, for each kind of document that the field knows."""
    field = field_of_file(file)
    options = field.options if field else ()
    return [
        (option.code, str(option.label), option.id == file.kind_id)
        for option in options
        if not option.retired or option.id == file.kind_id
    ]
