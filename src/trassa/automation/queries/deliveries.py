"""Reads of the delivery log: calls to other systems with every attempt, and what came in."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from trassa.automation.models import Arrival, Call
from trassa.kernel import NotFound, company_zone, open_sealed

T = TypeVar("T", bound=Model)
#: What bodies of calls and of what came in are sealed for.
BODY, ARRIVAL_BODY = "automation.call_body", "automation.arrival_body"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is looked for; empty parts narrow nothing. `before` is the id behind which to go on."""

    rule: str = ""
    state: str = ""
    since: datetime | None = None
    #: Exclusive.
    until: datetime | None = None
    before: int | None = None


def days_from(since: date | None, until: date | None) -> tuple[datetime | None, datetime | None]:
    """The moments between the beginning of one day and the end of another in the company's zone."""
    zone = company_zone()
    return (
        datetime.combine(since, time(), zone) if since else None,
        datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
    )


def list_calls(wanted: LogFilter, limit: int) -> list[Call]:
    """Calls, newest first, delivered ones too; without their bodies."""
    rows = narrowed(Call.objects.select_related("rule").defer("sealed_body"), wanted, "created_at")
    return list(rows[:limit])


def get_call(id: int) -> Call:
    """A call with all that is known of it; raises NotFound."""
    row = Call.objects.select_related("rule").filter(id=id).first()
    if row is None:
        raise NotFound(_("There is no such call."))
    return row


def body_of(call: Call) -> str:
    """What a call tells, as JSON; raises Unavailable when no key of this installation opens it."""
    return open_sealed(call.sealed_body, BODY)


def list_arrivals(wanted: LogFilter, limit: int) -> list[Arrival]:
    """What came in, newest first; without the bodies."""
    rows = narrowed(Arrival.objects.select_related("rule").defer("sealed_body"), wanted, "at")
    return list(rows[:limit])


def get_arrival(id: int) -> Arrival:
    """One thing that came in; raises NotFound."""
    row = Arrival.objects.select_related("rule").filter(id=id).first()
    if row is None:
        raise NotFound(_("There is no such thing that came in."))
    return row


def content_of(arrival: Arrival) -> Any:
    """What came in, as JSON has it; raises Unavailable like `body_of`."""
    return json.loads(open_sealed(arrival.sealed_body, ARRIVAL_BODY))


def narrowed(rows: QuerySet[T], wanted: LogFilter, moment: str) -> QuerySet[T]:
    """Rows that a filter lets through, newest first."""
    if wanted.rule:
        rows = rows.filter(rule__code=wanted.rule)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.since is not None:
        rows = rows.filter(**{f"{moment}__gte": wanted.since})
    if wanted.until is not None:
        rows = rows.filter(**{f"{moment}__lt": wanted.until})
    if wanted.before is not None:
        rows = rows.filter(pk__lt=wanted.before)
    return rows.order_by("-pk")
