"""What a file of another calendar would bring, in lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from trassa.kernel import company_zone
from trassa.ui import NO_BREAK_SPACE, date_short, number
from trassa.work.ics import IcsEvent
from trassa.work.queries.calendar_imports import ImportPlan

#: Lines of each list.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Part:
    """One list: its code, how many there are, its first lines as title and detail, and how many more."""

    code: str
    count: str
    lines: Sequence[tuple[str, str]]
    more: str


def parts_of(plan: ImportPlan) -> list[Part]:
    """New, changed, gone and refused, as far as there is any."""
    found = [
        part_of("new", len(plan.new), lines_of(plan.new)),
        part_of("changed", len(plan.changed), lines_of(each.event for each in plan.changed)),
        part_of("gone", len(plan.gone), [(each.title, moment(each.due_at)) for each in plan.gone]),
        part_of("refused", len(plan.refused), [(each.title, each.why) for each in plan.refused]),
    ]
    return [part for part in found if part.lines]


def part_of(code: str, count: int, lines: Sequence[tuple[str, str]]) -> Part:
    more = len(lines) - SHOWN
    return Part(code, number(count), lines[:SHOWN], number(more) if more > 0 else "")


def lines_of(events: Iterable[IcsEvent]) -> list[tuple[str, str]]:
    """Meetings by their beginning; what repeats is one line: its first time, and how often it comes."""
    series: dict[tuple[str, str], list[IcsEvent]] = {}
    for each in sorted(events, key=lambda event: event.start):
        series.setdefault((each.uid, each.title), []).append(each)
    return [(title, moment(times[0].start) + often(len(times))) for (_uid, title), times in series.items()]


def often(count: int) -> str:
    return ", " + ngettext("%(count)s time", "%(count)s times", count) % {"count": count} if count > 1 else ""


def moment(value: datetime | None) -> str:
    """ "30 ноября 10:30": day and time, whenever it is."""
    if value is None:
        return ""
    day, clock = date_short(value), f"{value.astimezone(company_zone()):%H:%M}"
    return day if clock in day else f"{day}{NO_BREAK_SPACE}{clock}"
