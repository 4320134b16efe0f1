"""Texts of the format that are checked when they are read, and what all its models have in common."""

from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

from trassa.kernel import Invalid
from trassa.people.types import Duration, format_day, parse_day


def check_day(text: str) -> str:
    """A day of the calendar, written 2026-06-01."""
    date.fromisoformat(text)
    return text


def clean_hours(text: str) -> str:
    """Working time of a day in its one spelling."""
    try:
        return format_day(parse_day(text))
    except Invalid as refusal:
        raise ValueError(str(refusal)) from None


def clean_offset(text: str) -> str:
    """A duration before or behind a date in its one spelling."""
    try:
        return str(Duration.parse(text))
    except Invalid as refusal:
        raise ValueError(str(refusal)) from None


def clean_time(text: str) -> str:
    """A duration in its one spelling."""
    try:
        duration = Duration.parse(text)
    except Invalid as refusal:
        raise ValueError(str(refusal)) from None
    if duration.amount < 0:
        raise ValueError(_("“%s” lies in the past; give a positive duration.") % text)
    return str(duration)


CODE_PATTERN = r"^[a-z][a-z0-9_]{0,48}$"
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Path = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,48}\.[a-z][a-z0-9_]{0,48}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: An expression in its canonical spelling: English names of functions, codes of fields and options.
Formula = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
#: A place to go to as menus name it: "board.sales", "list.car", "people".
EntryKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
#: A block of the home page: work.tasks, stage.sales.booking, choice.contract.status.draft.
BlockKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*){1,3}$")]
#: Where somebody begins: a place to go to or an address of this installation.
StartPage = Annotated[
    str,
    StringConstraints(pattern=r"^(|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?|/([^/\\\s]\S*)?)$", max_length=500),
]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(check_day)]
Hours = Annotated[str, AfterValidator(clean_hours)]
Time = Annotated[str, AfterValidator(clean_time)]
Offset = Annotated[str, AfterValidator(clean_offset)]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]

VerbName = Literal["see", "create", "edit", "delete", "move", "export"]
ScopeName = Literal["own", "department", "branch", "all"]
MeaningName = Literal["open", "won", "lost"]


class Entry(BaseModel):
    """Base of everything in the format: immutable, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Entry):
    """A label in the languages of the interface. A plain string stands for `{ru: …}`."""

    ru: Text
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def accept_plain_text(cls, value: Any) -> Any:
        return {"ru": value} if isinstance(value, str) else value
