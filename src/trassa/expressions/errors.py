"""What is wrong with the text of an expression, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake at `text[start:end]`; `suggestion` is what to write there instead, "" when unknown."""

    start: int
    end: int
    code: str
    message: str | Promise
    suggestion: str = ""


class ExpressionRefused(Invalid):
    """The text is not an expression of this place; `faults` say what is wrong where."""

    code = "invalid_expression"

    def __init__(self, faults: Sequence[Fault]) -> None:
        errors = [FieldError("text", fault.code, fault.message) for fault in faults]
        super().__init__(faults[0].message if faults else _("This is not an expression."), errors=errors)
        self.faults = tuple(faults)


class NotInSql(Invalid):
    """The database cannot compute this; a filter needs a stored field instead."""

    code = "not_in_filter"
