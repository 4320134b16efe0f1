"""The deadline of a stage as a form asks for it: amounts with units, from the entry or from a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trassa.designer.screens.heads import said
from trassa.designer.types import Design
from trassa.people.types import Duration
from trassa.solutions.types import DeadlineEntry

#: Units as `Duration` reads them.
UNITS: Mapping[str, str | Promise] = {
    "minutes": _("minutes"),
    "hours": _("hours"),
    "working hours": _("working hours"),
    "days": _("days"),
    "working days": _("working days"),
}


@dataclass(frozen=True, slots=True)
class TimeInput:
    name: str
    label: str | Promise
    amount: str
    unit: str


@dataclass(frozen=True, slots=True)
class Deadline:
    times: Sequence[TimeInput]
    field: str
    #: Dates that it can count from.
    fields: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str | Promise]]
    #: In a word, "" without one.
    words: str


def make_deadline(design: Design, entry: DeadlineEntry | None) -> Deadline:
    dates = [(f.code, said(f.label)) for f in design.type.fields if f.kind in ("date", "datetime")]
    return Deadline(
        times=(
            _time("after", _("Time for it"), entry.after if entry else None),
            _time("warning", _("Warn before its end"), entry.warning if entry else None),
            _time("escalation", _("Tell the head after its end"), entry.escalation if entry else None),
        ),
        field=(entry.field or "") if entry else "",
        fields=dates,
        units=tuple(UNITS.items()),
        words=_in_words(entry),
    )


def _in_words(entry: DeadlineEntry | None) -> str:
    if entry is None:
        return ""
    return Duration.parse(entry.after).words if entry.after else "•"


def _time(name: str, label: str | Promise, text: str | None) -> TimeInput:
    if not text:
        return TimeInput(name, label, "", "working hours")
    duration = Duration.parse(text)
    working = "working " if duration.is_working else ""
    return TimeInput(name, label, str(duration.amount), f"{working}{duration.unit}s")
