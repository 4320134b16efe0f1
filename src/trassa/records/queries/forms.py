"""What a submitted form says of fields, as raw values for the write path."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from trassa.kernel import FieldError, Invalid
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec

#: A value of a picker that names a record to be created: "new:Егоров Пётр".
NEW = "new:"


def read_fields(fields: Iterable[FieldSpec], form: QueryDict) -> dict[str, Any]:
    """Raw values for the write path from a submitted form; raises Invalid naming every refused field.

    A box that is not ticked sends nothing, so each field that the form shows names itself in `shown`.
    Links to records that are still to be created are left to `read_linked`.
    """
    shown = set(form.getlist("shown"))
    values: dict[str, Any] = {}
    errors = []
    for spec in fields:
        if spec.code not in form and spec.code not in shown:
            continue
        if form.get(spec.code, "").startswith(NEW) and spec.kind == "link":
            continue
        kind = field_kinds.get(spec.kind)
        try:
            values[spec.code] = kind.to_json(kind.parse_form(texts_of(spec, form), spec), spec)
        except ValueRefused as refusal:
            errors.append(FieldError(spec.code, refusal.code, refusal.message))
    if errors:
        raise Invalid(_("Some fields need your attention."), errors=errors)
    return values


def texts_of(spec: FieldSpec, form: QueryDict) -> list[str]:
    """What a form says of one field; the three inputs of a link with its period are one text "id|from|to"."""
    texts = form.getlist(spec.code)
    if not spec.has_periods:
        return texts
    days = (form.getlist(f"{spec.code}__{end}") for end in ("from", "to"))
    return ["|".join(line) for line in zip_longest(texts, *days, fillvalue="")]
