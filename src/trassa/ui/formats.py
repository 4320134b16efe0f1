"""How values are written for people: amounts, shares, dates, durations, names.

Russian and English share the no-break space between thousands; the decimal point is the language's.
Times are shown in the company's zone. Everything takes None and answers "".
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zlib import crc32

from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from trassa.kernel import company_zone, format_decimal, now, today

NO_BREAK_SPACE = "\u00a0"
AVATAR_COLORS = 6
SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "CNY": "¥", "KZT": "₸", "BYN": "Br"}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400

Amount = Decimal | int


def _point() -> str:
    return "," if (get_language() or "ru").startswith("ru") else "."


def number(value: Amount | None, places: int | None = None) -> str:
    """1234567.5 → "1 234 567,5"; with `places` None trailing zeros are dropped."""
    return "" if value is None else format_decimal(value, places=places, point=_point())


def money(value: Amount | None, currency: str = "RUB", places: int | None = None) -> str:
    """6150000 → "6 150 000 ₽". Kopecks are written when there are any, or when `places` says so."""
    if value is None:
        return ""
    if places is None:
        places = 0 if Decimal(value) == Decimal(value).to_integral_value() else 2
    return f"{number(value, places)}{NO_BREAK_SPACE}{SIGNS.get(currency, currency)}"


def percent(value: Amount | None, places: int = 1) -> str:
    """4 → "4,0 %"; finer shares keep their decimals up to four."""
    if value is None:
        return ""
    exact = Decimal(value).normalize()
    places = max(places, min(-int(exact.as_tuple().exponent), 4))
    return f"{number(exact, places)}{NO_BREAK_SPACE}%"


def _local(value: datetime) -> datetime:
    return value.astimezone(company_zone())


@lru_cache(maxsize=4096)
def _written(day: date, form: str, language: str | None) -> str:
    """A day in words; a page writes the same few days hundreds of times, so they are kept."""
    return format_date(day, form)


def _day_and_month(day: date) -> str:
    return _written(day, "j\u00a0E", get_language())


def _day_name(day: date, present: date) -> str:
    """ "today", "yesterday", "tomorrow", or "" for other days."""
    match (day - present).days:
        case -1:
            return _("yesterday")
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
    return ""


def date_short(value: date | datetime | None) -> str:
    """The shortest unmistakable writing: "сегодня 13:18", "вчера", "12 мая", "12.05.2024".

    A moment keeps its time while it is near: today, yesterday, tomorrow.
    """
    if value is None:
        return ""
    time = ""
    if isinstance(value, datetime):
        value = _local(value)
        time = f"{NO_BREAK_SPACE}{value:%H:%M}"
        value = value.date()
    present = today()
    name = _day_name(value, present)
    if name:
        return name + time
    if value.year == present.year:
        return _day_and_month(value)
    return _written(value, pgettext("date of another year", "j M Y"), get_language())


def date_exact(value: date | datetime | None) -> str:
    """The whole truth, for hovering: "12 мая 2024, 13:18:05"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = _local(value)
        return f"{_day_and_month(local.date())}{NO_BREAK_SPACE}{local.year}, {local:%H:%M:%S}"
    return f"{_day_and_month(value)}{NO_BREAK_SPACE}{value.year}"


def date_and_weekday(day: date) -> str:
    """ "12 мая 2024, воскресенье", "12 May 2024, Sunday"."""
    weekday = str(WEEKDAYS[day.weekday()])
    is_russian = (get_language() or "ru").startswith("ru")
    return f"{date_exact(day)}, {weekday.lower() if is_russian else weekday}"


def duration(value: timedelta | int | float | None) -> str:
    """A span in its one or two largest units: "42 мин", "2 ч 15 мин", "3 дня". Numbers are seconds."""
    if value is None:
        return ""
    seconds = abs(int(value.total_seconds() if isinstance(value, timedelta) else value))
    if seconds < _MINUTE:
        return _join(_("%(count)s s") % {"count": seconds})
    if seconds < _HOUR:
        return _join(_("%(count)s min") % {"count": seconds // _MINUTE})
    if seconds < _DAY:
        minutes = seconds % _HOUR // _MINUTE
        parts = [_("%(count)s h") % {"count": seconds // _HOUR}]
        return _join(*parts, *([_("%(count)s min") % {"count": minutes}] if minutes else []))
    days = seconds // _DAY
    return _join(ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)})


def _join(*parts: str) -> str:
    return NO_BREAK_SPACE.join(parts).replace(" ", NO_BREAK_SPACE)


def ago(value: datetime | None) -> str:
    """How long since this moment: "42 мин"."""
    return "" if value is None else duration(now() - value)


def initials(name: str) -> str:
    """At most two letters: "Белова Анна" → "БА"."""
    words = [word for word in name.replace("«", " ").replace("»", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def short_name(name: str) -> str:
    """Surname and initial: "Егоров Пётр Сергеевич" → "Егоров П."."""
    words = name.split()
    return f"{words[0]}{NO_BREAK_SPACE}{words[1][0]}." if len(words) > 1 else name


def avatar_color(key: int | str) -> int:
    """One of the avatar colours, 1…6 (classes t1…t6); always the same for the same person."""
    seed = key if isinstance(key, int) else crc32(key.encode())
    return seed % AVATAR_COLORS + 1
