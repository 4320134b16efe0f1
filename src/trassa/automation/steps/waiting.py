"""The step that lets time pass: for a while, or until a date of the record, which it follows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.actions.running import read_rows, type_of
from trassa.automation.checking import Checking
from trassa.automation.moments import DATES, MOMENTS, column_of, date_label, offset_in_words
from trassa.automation.types import Anchor, Flight, Settings, StepKind
from trassa.kernel import now
from trassa.people.queries import open_calendars
from trassa.people.types import Duration, add_duration
from trassa.schema.types import TypeSpec
from trassa.ui import date_exact


class Wait(Settings):
    """`time` says how long; `until` a date of the record, with `time` as the offset from it. When the pause
    is over the steps behind it are carried out if `condition` holds then.
    """

    time: str = ""
    until: str = ""
    condition: str = ""


def check(settings: Wait, checking: Checking) -> Wait:
    if not settings.time and not settings.until:
        checking.fault(_("Say how long."))
    if settings.until and settings.until not in MOMENTS:
        field = checking.field_of(checking.spec, settings.until)
        if field is not None and field.kind not in DATES:
            checking.fault(_("“%s” is no date.") % field.label)
    time = checking.duration(settings.time) if settings.time else ""
    return settings.model_copy(update={"time": time, "condition": checking.condition(settings.condition)})


def in_words(settings: Wait, spec: TypeSpec) -> str:
    if not settings.until:
        return _("Wait: %s") % Duration.parse(settings.time).words
    told = f"{offset_in_words(settings.time)} «{date_label(settings.until, spec)}»".strip()
    return _("Wait until: %s") % told


def carry_out(settings: Wait, flights: Sequence[Flight]) -> None:
    spec = type_of(flights[0].rule)
    rows = read_rows(spec, [flight.record_id for flight in flights])
    book = open_calendars()
    duration = Duration.parse(settings.time) if settings.time else Duration(0, "minute")
    for flight in flights:
        row = rows.get(flight.record_id, {})
        flight.state = "waiting"
        if settings.until:
            column = column_of(settings.until, spec)
            flight.anchor = Anchor(spec.id, flight.record_id, column, duration)
            flight.tell(until=settings.until)
        else:
            calendar = book.of(row.get("owner_id"), row.get("department_id"))
            flight.resumes_at = add_duration(calendar, now(), duration)
            flight.tell(to=flight.resumes_at.isoformat())


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    if "until" in did:
        return _("Waits until: %s") % date_label(did["until"], spec)
    return _("Waits until: %s") % date_exact(datetime.fromisoformat(did["to"]))


KIND = StepKind(gettext_lazy("Wait"), "clock", Wait, check, in_words, carry_out, told)
