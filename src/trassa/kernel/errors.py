"""Errors that a person may see. Each has a stable code and a message that says what to do.

The same error becomes a form error, an API problem (RFC 9457) or a line in an import report, so it
carries its HTTP status, and the fields at fault by their codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field.

    `field` is the field's code ("" when the whole input is at fault), `code` is stable
    ("required", "invalid_vin"), `message` is for the person.
    """

    field: str
    code: str
    message: str | Promise


class TrassaError(Exception):
    """Base of all expected errors."""

    status = 500
    code = "error"

    def __init__(
        self,
        message: str | Promise,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.errors = tuple(errors)

    @property
    def by_field(self) -> dict[str, str]:
        """What is wrong with each field, by its code, for forms."""
        return {each.field: str(each.message) for each in self.errors}

    @property
    def reasons(self) -> str:
        """What is wrong in one line: with the fields, else altogether."""
        return "; ".join(str(each.message) for each in self.errors) or str(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(TrassaError):
    """The thing does not exist, or this person may not see it: nobody can tell which."""

    status = 404
    code = "not_found"


class Forbidden(TrassaError):
    """The person sees the thing but may not do this with it."""

    status = 403
    code = "forbidden"


class Invalid(TrassaError):
    """The input breaks a rule; `errors` names the fields."""

    status = 422
    code = "invalid"


class Conflict(TrassaError):
    """Somebody else changed the same thing first; `errors` names the fields in conflict."""

    status = 409
    code = "conflict"


class Unavailable(TrassaError):
    """A resource is busy or down at this moment; trying again later makes sense."""

    status = 503
    code = "unavailable"
