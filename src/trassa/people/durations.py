"""Durations as people agree on them: “2 working days”, “4 hours”, “30 minutes”.

The text is what files, the API and the database keep. A duration may be negative: an offset before a moment.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trassa.kernel import Invalid

Unit = Literal["minute", "hour", "day"]

_TEXT = re.compile(r"(-?\d{1,6}) (working )?(minute|hour|day)s?")
_RUSSIAN = re.compile(
    r"(-?\d{1,6}) (рабоч[а-я]+ )?(мин|минут[аыу]?|час|часа|часов|день|дня|дней)", re.IGNORECASE
)
#: By the first letter of their names.
_UNITS: dict[str, Unit] = {"m": "minute", "h": "hour", "d": "day", "м": "minute", "ч": "hour", "д": "day"}


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole amount of a unit, in the time of the clock or in working time.

    A working day is a day on which there is work, however long; working hours and minutes are time at work.
    """

    amount: int
    unit: Unit
    is_working: bool = False

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read “2 working days” or “2 рабочих дня”; raises Invalid."""
        found = _TEXT.fullmatch(text.strip()) or _RUSSIAN.fullmatch(text.strip())
        if found is None:
            message = _("“%s” is not a duration. Write it like “2 working days”, “4 hours” or “30 minutes”.")
            raise Invalid(message % text, code="invalid_duration")
        return cls(int(found[1]), _UNITS[found[3][0].lower()], is_working=found[2] is not None)

    def __str__(self) -> str:
        """The one way to write it, in English, whatever the language of the reader."""
        working = "working " if self.is_working else ""
        return f"{self.amount} {working}{self.unit}{'' if abs(self.amount) == 1 else 's'}"

    def __neg__(self) -> "Duration":
        return replace(self, amount=-self.amount)

    @property
    def clock(self) -> timedelta:
        """As time of the clock; of working time only the amount."""
        return timedelta(**{f"{self.unit}s": self.amount})

    @property
    def words(self) -> str:
        """In the reader's language: “2 рабочих дня”."""
        return self._pattern % {"count": self.amount}

    @property
    def _pattern(self) -> str:
        count = abs(self.amount)
        if self.unit == "minute":
            if self.is_working:
                return ngettext("%(count)s working minute", "%(count)s working minutes", count)
            return ngettext("%(count)s minute", "%(count)s minutes", count)
        if self.unit == "hour":
            if self.is_working:
                return ngettext("%(count)s working hour", "%(count)s working hours", count)
            return ngettext("%(count)s hour", "%(count)s hours", count)
        if self.is_working:
            return ngettext("%(count)s working day", "%(count)s working days", count)
        return ngettext("%(count)s day", "%(count)s days", count)
