"""Errors of this room: a value that a field's kind does not take."""

from django.utils.functional import Promise


class ValueRefused(ValueError):
    """A raw value cannot become this field's value; the message says what to write instead.

    Not a TrassaError: the caller knows the field and collects refusals into one answer.
    """

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        #: Stable code such as "invalid_vin".
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
