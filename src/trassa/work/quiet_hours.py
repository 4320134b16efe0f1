"""When somebody may be disturbed, and when their digest comes. All in the person's own zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from trassa.people.types import WorkingCalendar

#: Days that are looked through for one that is not off.
_FAR = 60


@dataclass(frozen=True, slots=True)
class Quiet:
    """From and until which time of the day nothing is sent; None is never. `rests` adds days off."""

    since: time | None = None
    until: time | None = None
    rests: bool = False


def next_moment(moment: datetime, quiet: Quiet, calendar: WorkingCalendar) -> datetime:
    """`moment`, or the first one behind it at which the person may be disturbed."""
    local = moment.astimezone(calendar.zone)
    for _day in range(_FAR):
        end = _end_of_quiet(local, quiet)
        if end is not None:
            local = end
        elif quiet.rests and not calendar.hours(local.date()):
            following = local.date() + timedelta(days=1)
            local = datetime.combine(following, time(), calendar.zone)
        else:
            break
    return local.astimezone(UTC)


def _end_of_quiet(local: datetime, quiet: Quiet) -> datetime | None:
    """When the quiet time that holds at a local moment ends; None when none holds."""
    since, until = quiet.since, quiet.until
    if since is None or until is None or since == until:
        return None
    now = local.time()
    if since < until:
        return _at(local.date(), until, local) if since <= now < until else None
    if now >= since:
        return _at(local.date() + timedelta(days=1), until, local)
    return _at(local.date(), until, local) if now < until else None


def next_digest(moment: datetime, digest: str, at: time, calendar: WorkingCalendar) -> datetime:
    """When the letter comes that gathers what happened at `moment`: at the next full hour, or at a time."""
    local = moment.astimezone(calendar.zone)
    if digest == "hourly":
        full = local.replace(minute=0, second=0, microsecond=0)
        return full.astimezone(UTC) + timedelta(hours=1)
    today = _at(local.date(), at, local)
    due = today if today > local else _at(local.date() + timedelta(days=1), at, local)
    return due.astimezone(UTC)


def _at(day: date, at: time, local: datetime) -> datetime:
    """A time of a day; of one that the clock shows twice the one that is still to come."""
    moment = datetime.combine(day, at, local.tzinfo)
    # Moments of one zone are compared by what the clock shows, and that does not tell the two apart.
    return moment if moment.astimezone(UTC) > local.astimezone(UTC) else moment.replace(fold=1)
