"""Dates. A day begins and ends in the company's zone. What cannot be computed is no date."""

import calendar
from datetime import date, datetime, timedelta
from decimal import Decimal

from trassa.expressions import arithmetic
from trassa.expressions.functions.function import Function, Parameter, day, number
from trassa.expressions.kinds import Kind
from trassa.kernel import company_zone, now, today

_MAX_DAYS = 1_000_000
_MAX_MONTHS = 12_000
_MOMENT = Parameter(("момент", "moment"), (Kind.MOMENT,))


def day_of(moment: datetime) -> date:
    """The day of a moment where the company is."""
    return moment.astimezone(company_zone()).date()


def add_days(start: date, days: Decimal) -> date | None:
    if abs(days) > _MAX_DAYS:
        return None
    try:
        return start + timedelta(days=int(arithmetic.floor(days)))
    except OverflowError:
        return None


def add_months(start: date, months: Decimal) -> date | None:
    """The same day of another month, or its last one: 31.01 and a month is 28.02."""
    if abs(months) > _MAX_MONTHS:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + int(arithmetic.floor(months)), 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def end_of_month(start: date, months: Decimal) -> date | None:
    moved = add_months(start.replace(day=1), months)
    return moved and moved.replace(day=calendar.monthrange(moved.year, moved.month)[1])


def make_date(year: Decimal, month: Decimal, number: Decimal) -> date | None:
    """Months beyond 12 and days beyond the month count on, as in spreadsheets."""
    if not 1 <= year <= 9999:
        return None
    first = add_months(date(int(arithmetic.floor(year)), 1, 1), month - 1)
    return first and add_days(first, number - 1)


#: A date of the years 1 to 9999, else NULL; as LEAST and GREATEST pass over NULL, NULLIF brings it back.
_CALENDAR = (
    "nullif(nullif(least(greatest({}, date '0001-01-01' - 1), date '9999-12-31' + 1),"
    " date '0001-01-01' - 1), date '9999-12-31' + 1)"
)
_MONTHS = "make_interval(months => case when {1} between -12000 and 12000 then floor({1})::int end)"

FUNCTIONS = (
    Function(
        "today",
        ("СЕГОДНЯ", "TODAY"),
        (),
        Kind.DATE,
        ("Сегодняшняя дата.", "The present day."),
        today,
        volatile=True,
        group="dates",
    ),
    Function(
        "now",
        ("ТЕКВРЕМЯ", "NOW"),
        (),
        Kind.MOMENT,
        ("Дата и время сейчас.", "The present moment."),
        now,
        volatile=True,
        group="dates",
    ),
    Function(
        "day_of",
        ("ДЕНЬМОМЕНТА", "DAYOF"),
        (_MOMENT,),
        Kind.DATE,
        ("День, на который приходится момент.", "The day of a moment."),
        day_of,
        "({0} at time zone current_setting('TimeZone'))::date",
        group="dates",
    ),
    Function(
        "date",
        ("ДАТА", "DATE"),
        (number("год", "year"), number("месяц", "month"), number("день", "day")),
        Kind.DATE,
        ("Дата из года, месяца и дня.", "A date of year, month and day."),
        make_date,
        _CALENDAR.format(
            _CALENDAR.format(
                "(make_date(case when {0} between 1 and 9999 then floor({0})::int end, 1, 1)"
                " + make_interval(months =>"
                " case when {1} between -11999 and 12001 then floor({1})::int - 1 end))::date"
            )
            + " + case when {2} between -999999 and 1000001 then floor({2})::int - 1 end"
        ),
        group="dates",
    ),
    Function(
        "year",
        ("ГОД", "YEAR"),
        (day(),),
        Kind.NUMBER,
        ("Год даты.", "The year of a date."),
        lambda value: Decimal(value.year),
        "extract(year from {0})::numeric",
        group="dates",
    ),
    Function(
        "month",
        ("МЕСЯЦ", "MONTH"),
        (day(),),
        Kind.NUMBER,
        ("Месяц даты, от 1 до 12.", "The month of a date, 1 to 12."),
        lambda value: Decimal(value.month),
        "extract(month from {0})::numeric",
        group="dates",
    ),
    Function(
        "day",
        ("ДЕНЬ", "DAY"),
        (day(),),
        Kind.NUMBER,
        ("День месяца.", "The day of the month."),
        lambda value: Decimal(value.day),
        "extract(day from {0})::numeric",
        group="dates",
    ),
    Function(
        "weekday",
        ("ДЕНЬНЕД", "WEEKDAY"),
        (day(),),
        Kind.NUMBER,
        (
            "День недели: понедельник — 1, воскресенье — 7.",
            "The day of the week: Monday is 1, Sunday 7.",
        ),
        lambda value: Decimal(value.isoweekday()),
        "extract(isodow from {0})::numeric",
        group="dates",
    ),
    Function(
        "days",
        ("ДНИ", "DAYS"),
        (day("до", "until"), day("от", "from")),
        Kind.NUMBER,
        ("Сколько дней от второй даты до первой.", "How many days from the second date to the first."),
        lambda until, since: Decimal((until - since).days),
        "({0} - {1})::numeric",
        group="dates",
    ),
    Function(
        "add_days",
        ("ДАТАДНИ", "ADDDAYS"),
        (day(), number("дней", "days")),
        Kind.DATE,
        ("Дата через столько дней; то же, что дата + дни.", "So many days later; the same as date + days."),
        add_days,
        _CALENDAR.format("{0} + case when {1} between -1000000 and 1000000 then floor({1})::int end"),
        group="dates",
    ),
    Function(
        "edate",
        ("ДАТАМЕС", "EDATE"),
        (day(), number("месяцев", "months")),
        Kind.DATE,
        ("Дата через столько месяцев.", "The date so many months later."),
        add_months,
        _CALENDAR.format(f"({{0}} + {_MONTHS})::date"),
        group="dates",
    ),
    Function(
        "eomonth",
        ("КОНМЕСЯЦА", "EOMONTH"),
        (day(), number("месяцев", "months")),
        Kind.DATE,
        (
            "Последний день месяца через столько месяцев.",
            "The last day of the month so many months later.",
        ),
        end_of_month,
        _CALENDAR.format(
            f"(date_trunc('month', {{0}}::timestamp) + {_MONTHS} + interval '1 month - 1 day')::date"
        ),
        group="dates",
    ),
    Function(
        "me",
        ("Я", "ME"),
        (),
        Kind.PERSON,
        ("Сотрудник, который смотрит.", "The person who looks."),
        volatile=True,
        group="people",
    ),
)
