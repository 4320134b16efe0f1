"""Dates of records that pauses and rules follow: which there are, and how people call them."""

from django.utils.translation import gettext as _

from trassa.people.types import Duration
from trassa.schema.types import TypeSpec

#: Columns beside fields that a pause may follow.
MOMENTS = ("stage_entered_at", "stage_due_at", "created_at")
DATES = ("date", "datetime")


def column_of(code: str, spec: TypeSpec) -> str:
    return code if code in MOMENTS else spec.by_code[code].column


def date_label(code: str, spec: TypeSpec) -> str:
    """A date as people name it."""
    known = {
        "stage_entered_at": _("On stage since"),
        "stage_due_at": _("Stage due"),
        "created_at": _("Created"),
    }
    return str(known.get(code) or (spec.by_code[code].label if code in spec.by_code else code))


def offset_in_words(time: str) -> str:
    """“за 2 часа до”, “через 3 дня после”, “в момент”."""
    duration = Duration.parse(time) if time else Duration(0, "minute")
    if duration.amount == 0:
        return ""
    if duration.amount < 0:
        return _("%s before") % (-duration).words
    return _("%s after") % duration.words
