"""How this package says no: one field, one stable code, one sentence that says what to do."""

from trassa.kernel import FieldError, Invalid

#: The field that refusals name.
FIELD = "file"


def refuse(code: str, message: str) -> Invalid:
    """The error for a file that is not taken."""
    return Invalid(message, errors=[FieldError(FIELD, code, message)])
