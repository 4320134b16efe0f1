"""Rules for codes and labels, the same for types, fields, options, pipelines, stages and reasons."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid
from trassa.schema.models.record_types import CODE_PATTERN
from trassa.schema.types import Label

_CODE = re.compile(CODE_PATTERN)
#: Parameters of the API and of lists, and base columns: no field may hide them.
RESERVED = frozenset(
    (
        "id",
        "type",
        "number",
        "title",
        "version",
        "pipeline",
        "stage",
        "stage_entered_at",
        "stage_due_at",
        "stage_warn_at",
        "reason",
        "owner",
        "department",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "deleted_at",
        "deleted_batch",
        "order",
        "limit",
        "cursor",
        "next",
        "where",
        "q",
        "query",
        "text",
        "fields",
        "include",
        "exclude",
        "format",
        "attachments",
        "search",
        "sums",
        "page",
        "view",
        "look",
        "cols",
        "group_by",
        "date_field",
    )
)


def check_code(code: str, *, reserved: frozenset[str] = frozenset()) -> None:
    """Raise Invalid unless the code is English, short and not taken by the API."""
    if not _CODE.fullmatch(code) or "__" in code or code.endswith("_"):
        refuse(
            "code",
            "invalid_code",
            _("A code has lower-case Latin letters, digits and single underscores; it begins with a letter."),
        )
    if code in reserved:
        refuse("code", "reserved_code", _("This code is reserved. Choose another one."))


def check_label(label: Label) -> dict[str, str]:
    """The label as it is stored; raises Invalid when there is no Russian one."""
    if not label.ru.strip():
        refuse("label", "required", _("Give a name in Russian."))
    return words_of(label)


def words_of(label: Label) -> dict[str, str]:
    """A label as it is stored: languages without a text are left out."""
    return {key: text.strip() for key, text in (("ru", label.ru), ("en", label.en)) if text.strip()}


def check_once(codes: Iterable[str]) -> None:
    """Raise Invalid when a code stands twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            refuse("code", "repeated_code", _("The same code stands twice."))
        seen.add(code)


def refuse(field: str, code: str, message: str | Promise) -> None:
    """Raise Invalid about one input."""
    raise Invalid(message, code=code, errors=[FieldError(field, code, message)])
