"""Files: any number of files with names, each a kind of document; kept beside the table of the type.

The value is a sequence of `Attached`. JSON takes ids of uploads, or objects that also say name and kind; it
gives objects. Which ids may be written is checked by the write path (`records/actions/attachments.py`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from trassa.records.contents.types import GROUPS
from trassa.records.models import File
from trassa.records.types import KEEP, Attached
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import FieldKind, Setting, field_kinds
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

#: Files of one field of one record.
MAX_FILES = 200
_LARGEST_ID = 2**63 - 1
_LONGEST_NAME = 1_000
_NO_WORD = re.compile(r"[\W_]+")

#: Groups of types by the words that the setting `types` uses, as people call them.
GROUP_NAMES: Mapping[str, str] = {
    "image": gettext_noop("pictures"),
    "pdf": gettext_noop("PDF"),
    "document": gettext_noop("texts of Word"),
    "table": gettext_noop("tables"),
    "slides": gettext_noop("slides"),
    "text": gettext_noop("plain texts"),
    "sound": gettext_noop("sound"),
    "video": gettext_noop("video"),
    "archive": gettext_noop("archives"),
    "other": gettext_noop("other files"),
}


def attached(field: FieldSpec, kinds: Sequence[int] | None = None) -> Q:
    """Records with any file in the field, of one of these kinds when they are named."""
    files = File.objects.filter(field_id=field.id, record_id=OuterRef("pk"), removed_at__isnull=True)
    return Q(Exists(files if kinds is None else files.filter(kind_id__in=kinds)))


class Files(FieldKind):
    code = "files"
    label = gettext_lazy("Files")
    icon = "paperclip"
    storage = "elsewhere"
    with_options = True
    options_optional = True
    searchable = True
    wide = True
    offered = ("empty",)
    settings = (
        Setting("multiple", True, gettext_lazy("several files")),
        Setting("types", "", gettext_lazy("groups of types, with commas; empty for any"), several=GROUPS),
        Setting(
            "max_megabytes",
            0,
            gettext_lazy("largest file in MB, 0 for the general limit"),
            0,
            maximum=100_000,
        ),
    )

    def column(self, field: FieldSpec) -> None:
        return None

    def sql_type(self, field: FieldSpec) -> str:
        return "bigint"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> list[Attached] | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, list | tuple):
            raise ValueRefused("invalid_list", _("Give a list of files."))
        found = list({each.id: each for each in (parse_attached(one, field) for one in raw)}.values())
        if len(found) > (MAX_FILES if field.settings.get("multiple", True) else 1):
            raise ValueRefused("too_many", self._too_many(field))
        return found or None

    @staticmethod
    def _too_many(field: FieldSpec) -> str:
        if field.settings.get("multiple", True):
            return _("A field holds at most %s files.") % MAX_FILES
        return _("This field holds one file. Take the present one away first.")

    def parse_form(
        self, raw: str | Sequence[str], field: FieldSpec, lookups: Lookups | None = None
    ) -> list[Attached] | None:
        """Texts such as "31" or "31:passport", the kind behind the colon; "31:" is a file without one."""
        texts = [raw] if isinstance(raw, str) else raw
        chosen: list[dict[str, Any]] = []
        for text in filter(None, texts):
            id, colon, kind = text.partition(":")
            chosen.append(
                {"id": int(id) if id.isascii() and id.isdigit() else id} | ({"kind": kind} if colon else {})
            )
        return self.parse(chosen, field)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> None:
        if text.strip():
            raise ValueRefused(
                "not_importable", _("Files cannot come from a table. Attach them on the card.")
            )

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation not in ("has", "lacks"):
            return super().parse_operand(operation, raw, field, lookups)
        codes = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(codes, list | tuple):
            raise ValueRefused("invalid_list", _("Give a list of values."))
        return [parse_kind(code, field) for code in codes]

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return [attached_json(each, field) for each in value or ()]

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        words = {"type": "string"}
        properties = {"id": {"type": "integer"}, "name": words, "kind": words, "type": words}
        item = {
            "type": "object",
            "properties": properties | {"size": {"type": "integer"}},
            "required": ["id"],
        }
        return {"type": ["array", "null"], "items": {"anyOf": [item, {"type": "integer"}]}}

    def form(self, field: FieldSpec) -> FormControl:
        choices = tuple((option.code, option.label) for option in field.options if not option.retired)
        return FormControl(
            "files", {"multiple": "multiple"} if field.settings.get("multiple", True) else {}, choices
        )

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return [f"{each.id}:{kind_code(each, field)}" for each in value or ()]

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return ", ".join(each.name for each in value or ())

    def words(self, value: Any) -> str:
        return " ".join(words_of_names(each.name for each in value or ()))

    filters = {
        "empty": lambda field, flag: ~attached(field) if flag else attached(field),
        "has": attached,
        "lacks": lambda field, kinds: ~attached(field, kinds),
    }


def parse_attached(raw: Any, field: FieldSpec) -> Attached:
    """One file: its id, or an object with `id` and, to change them, `name` and `kind`."""
    given = raw if isinstance(raw, Mapping) else {"id": raw}
    id, name, kind = given.get("id"), given.get("name", ""), given.get("kind", KEEP)
    if isinstance(id, bool) or not isinstance(id, int) or not 0 < id <= _LARGEST_ID:
        raise ValueRefused("invalid_id", _("Give ids of files that were uploaded."))
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        raise ValueRefused("invalid_name", _("Give a shorter name."))
    size, type = given.get("size"), given.get("type")
    return Attached(
        id,
        name,
        KEEP if kind == KEEP and not isinstance(kind, str) else parse_kind(kind, field) if kind else None,
        size if isinstance(size, int) else 0,
        type if isinstance(type, str) else "",
    )


def parse_kind(code: Any, field: FieldSpec) -> int:
    """The id of the option with this code."""
    for option in field.options:
        if option.code == code:
            return option.id
    known = ", ".join(option.code for option in field.options if not option.retired) or "—"
    raise ValueRefused("unknown_option", _("Choose one of: %s.") % known)


def kind_code(file: Attached, field: FieldSpec) -> str:
    """The code of a file's kind, "" without one."""
    option = field.find_option(file.kind) if file.kind else None
    return option.code if option else ""


def attached_json(file: Attached, field: FieldSpec) -> dict[str, Any]:
    """A file as the API and history write it; `kind` is left out while it stays as it is."""
    kind = {} if file.kind == KEEP else {"kind": kind_code(file, field)}
    return {"id": file.id, "name": file.name, **kind, "size": file.size, "type": file.type}


def words_of_names(names: Iterable[str]) -> list[str]:
    """Names of files as words for search: "Паспорт_ТС.pdf" is found by each of its three words."""
    return [_NO_WORD.sub(" ", name).strip() for name in names]


field_kinds.register(Files.code, Files())
