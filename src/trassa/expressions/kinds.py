"""Kinds of values, and the values that stand for mistakes.

Numbers, texts and yes/no are never missing: an empty field is 0, "" or no, as a blank cell of a spreadsheet
is. They may be an error instead. All other kinds may be missing (None) and are never an error: a date that
cannot be computed is no date. So both evaluators know what an SQL NULL means.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from django.utils import translation


class Kind(StrEnum):
    """What a value is."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    OPTION = "option"
    OPTIONS = "options"
    PERSON = "person"
    DEPARTMENT = "department"
    RECORD = "record"
    RECORDS = "records"

    @property
    def may_be_missing(self) -> bool:
        return self not in BLANKS


#: What an empty field counts as.
BLANKS: dict[Kind, Any] = {Kind.NUMBER: Decimal(0), Kind.TEXT: "", Kind.BOOLEAN: False}


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A value that could not be computed. It passes through everything computed from it."""

    code: str

    def __str__(self) -> str:
        names = ERROR_NAMES[self.code]
        return names[0] if (translation.get_language() or "ru").startswith("ru") else names[1]


#: Names of errors in Russian and English, as spreadsheets write them.
ERROR_NAMES = {
    "division": ("#ДЕЛ/0!", "#DIV/0!"),
    "number": ("#ЧИСЛО!", "#NUM!"),
    "value": ("#ЗНАЧ!", "#VALUE!"),
    "undefined": ("#Н/Д", "#N/A"),
    "field": ("#ПОЛЕ!", "#FIELD!"),
}

DIVISION = ErrorValue("division")
NUMBER = ErrorValue("number")
VALUE = ErrorValue("value")
#: The result does not exist: a rate of return without a change of sign.
UNDEFINED = ErrorValue("undefined")

#: A value: a Decimal, str, bool, date, aware datetime, id, tuple of ids, None or an error.
Value: TypeAlias = Decimal | str | bool | date | datetime | int | tuple[int, ...] | ErrorValue | None
