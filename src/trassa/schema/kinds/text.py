"""Text: one line, up to 1,000 characters."""

import re
import unicodedata
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds import filters
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.person_names import name_key
from trassa.schema.kinds.settings import Setting
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

_SPACES = re.compile(r"\s+")


def clean_text(raw: Any, *, max_length: int, lines: bool = False) -> str | None:
    """Trimmed text without control characters, None when nothing is left; raises ValueRefused.

    With `lines` line breaks and tabs stay; otherwise any white space becomes one space.
    """
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise ValueRefused("invalid_text", _("Write text."))
    text = raw.replace("\r\n", "\n").strip() if lines else _SPACES.sub(" ", raw).strip()
    if not text.isprintable() and any(is_forbidden(character) for character in text):
        raise ValueRefused("control_characters", _("Remove invisible control characters."))
    if len(text) > max_length:
        raise ValueRefused("too_long", _("Write at most %s characters.") % max_length)
    return text or None


def is_forbidden(character: str) -> bool:
    """Whether PostgreSQL or a reader would stumble over it: NUL, controls, lone surrogates."""
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs")


class Text(FieldKind):
    code = "text"
    label = gettext_lazy("Text")
    icon = "letter-case"
    expression = Kind.TEXT
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("max_length", 1000, gettext_lazy("Longest text"), minimum=1, maximum=1000),
        Setting("is_name", False, gettext_lazy("A name: similar ones are shown as possible duplicates")),
    )
    sortable = True
    unique = True
    searchable = True
    offered = ("contains",)
    filters = filters.TEXT

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return models.TextField(null=True)

    def sql_type(self, field: FieldSpec) -> str:
        return "text"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        return clean_text(raw, max_length=field.settings["max_length"])

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "maxLength": field.settings["max_length"]}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("text", {"maxlength": str(field.settings["max_length"])})

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return value or ""

    def words(self, value: Any) -> str:
        return str(value)

    def has_keys(self, field: FieldSpec) -> bool:
        return self.keyed or bool(field.settings.get("is_name"))

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        key = name_key(str(value)) if field.settings.get("is_name") else ""
        return (key,) if key else ()
