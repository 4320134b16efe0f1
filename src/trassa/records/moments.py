"""Moments of the past as addresses name them."""

from datetime import datetime, time

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from trassa.kernel import FieldError, Invalid, company_zone


def read_moment(text: str) -> datetime:
    """A day, which means its end, or a moment in the company's zone; raises Invalid for anything else."""
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        day = moment = None
    if day is not None and len(text) <= len("2026-01-01"):
        return datetime.combine(day, time.max, company_zone())
    if moment is None:
        message = _("Write a day or a moment such as 2026-03-01 or 2026-03-01T18:00.")
        raise Invalid(message, errors=[FieldError("as_of", "invalid_moment", message)])
    return moment if moment.tzinfo else moment.replace(tzinfo=company_zone())
