"""What lists can show as columns, group by, and what calendars can go by, for one person."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid
from trassa.records.types import Arrangement
from trassa.schema.types import FieldSpec, TypeSpec

#: Columns of one list; more are a mistake. Pixels of a column.
MAX_COLUMNS = 60
MIN_WIDTH, MAX_WIDTH = 40, 900
#: Base columns that a list may show beside fields.
BASE = (
    "title",
    "number",
    "stage",
    "pipeline",
    "owner",
    "created_at",
    "updated_at",
    "stage_entered_at",
    "stage_due_at",
)
#: Base columns that rows are grouped by: moments by their month.
GROUPING_BASE = ("stage", "owner", "created_at")
#: Base columns that a calendar goes by.
DAY_BASE = ("created_at", "updated_at", "stage_entered_at", "stage_due_at")
_OF_PIPELINES = {"stage", "pipeline", "stage_entered_at", "stage_due_at"}
#: Kinds of fields that rows are grouped by: dates by their month.
_GROUPING = {"choice", "link", "person", "department", "boolean", "date", "datetime"}


def is_column(actor: Actor, spec: TypeSpec, code: str) -> bool:
    """Whether a list of this person may have the column."""
    return is_base(spec, code) if code in BASE else find_seen(actor, spec, code) is not None


def is_grouping(actor: Actor, spec: TypeSpec, code: str) -> bool:
    """Whether rows can be grouped by this."""
    if code in GROUPING_BASE:
        return is_base(spec, code)
    field = find_seen(actor, spec, code)
    return field is not None and field.kind in _GROUPING


def is_day(actor: Actor, spec: TypeSpec, code: str) -> bool:
    """Whether a calendar can go by this."""
    if code in DAY_BASE:
        return is_base(spec, code)
    field = find_seen(actor, spec, code)
    return field is not None and field.kind in ("date", "datetime")


def grouping_codes(actor: Actor, spec: TypeSpec) -> list[str]:
    """Everything that rows can be grouped by, base columns first."""
    codes = (*GROUPING_BASE, *(field.code for field in spec.fields))
    return [code for code in codes if is_grouping(actor, spec, code)]


def day_codes(actor: Actor, spec: TypeSpec) -> list[str]:
    """Everything that a calendar can go by, fields first."""
    codes = (*(field.code for field in spec.fields), *DAY_BASE)
    return [code for code in codes if is_day(actor, spec, code)]


def is_base(spec: TypeSpec, code: str) -> bool:
    return code not in _OF_PIPELINES or bool(spec.pipelines)


def find_seen(actor: Actor, spec: TypeSpec, code: str) -> FieldSpec | None:
    """The field, if the person sees it."""
    field = spec.by_code.get(code)
    return field if field is not None and actor.sees_field(field) else None


def known_part(actor: Actor, spec: TypeSpec, asked: Arrangement) -> Arrangement:
    """The arrangement without what is not there for this person."""
    return replace(
        asked,
        columns=tuple(each for each in asked.columns if is_column(actor, spec, each.code)),
        group=asked.group if is_grouping(actor, spec, asked.group) else "",
        day=asked.day if is_day(actor, spec, asked.day) else "",
    )


def check_arrangement(actor: Actor, spec: TypeSpec, asked: Arrangement) -> None:
    """Raises Invalid naming what is not there for this person."""
    errors = [
        FieldError("columns", "unknown_field", _("There is no such field."))
        for each in asked.columns
        if not is_column(actor, spec, each.code)
    ]
    if asked.group and not is_grouping(actor, spec, asked.group):
        errors.append(FieldError("group_by", "not_grouping", _("Records cannot be grouped by this.")))
    if asked.day and not is_day(actor, spec, asked.day):
        errors.append(FieldError("date_field", "no_date", _("Choose a field with a date.")))
    if errors:
        raise Invalid(_("The list cannot be shown like this."), errors=errors)
