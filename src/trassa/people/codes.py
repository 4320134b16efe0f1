"""Codes: the stable English names by which files and programs refer to things."""

import re

from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


def check_code(code: str) -> None:
    """Raise Invalid unless the code is small Latin letters, digits and underscores."""
    if _CODE.fullmatch(code) is None:
        message = _("A code consists of small Latin letters, digits and underscores.")
        raise Invalid(message, errors=[FieldError("code", "invalid_code", message)])
