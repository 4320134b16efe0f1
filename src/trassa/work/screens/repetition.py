"""How a task comes again, as the form asks for it in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from trassa.kernel import FieldError, Invalid, company_zone
from trassa.work.repetition import KEEP, NEXT, SKIP, WEEKDAYS, NotARule, Repetition, in_words, read_repetition

#: Ways to repeat that the form knows → frequency.
_WAYS = {"day": "DAILY", "workday": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
#: Counted from completion.
_AFTER = {"after_days": "DAILY", "after_weeks": "WEEKLY", "after_months": "MONTHLY"}
#: A rule that the form cannot show otherwise.
OWN = "own"


@dataclass(frozen=True, slots=True)
class RepeatForm:
    """What stands in the form about repetition."""

    #: "", a key of `_WAYS` or `_AFTER`, or `OWN`.
    way: str = ""
    every: str = "1"
    weekdays: Sequence[str] = ()
    #: A day as `<input type=date>` has it.
    until: str = ""
    days_off: str = KEEP
    #: The rule of `OWN`.
    rule: str = ""

    @property
    def ways(self) -> list[tuple[str, str]]:
        found = [
            ("", _("Does not repeat")),
            ("workday", _("Every working day")),
            ("day", _("By days")),
            ("week", _("By weeks")),
            ("month", _("By months")),
            ("year", _("By years")),
            ("after_days", _("Days after completion")),
            ("after_weeks", _("Weeks after completion")),
            ("after_months", _("Months after completion")),
        ]
        return [*found, (OWN, _("As it is"))] if self.way == OWN else found

    @property
    def weekday_choices(self) -> list[tuple[str, str]]:
        return [(code, str(WEEKDAYS_ABBR[number])) for number, code in enumerate(WEEKDAYS)]

    @property
    def days_off_choices(self) -> list[tuple[str, str]]:
        return [
            (KEEP, _("Stays on that day")),
            (SKIP, _("Is left out")),
            (NEXT, _("Comes on the next working day")),
        ]


def read_repeat(sent: QueryDict) -> RepeatForm:
    """What was sent."""
    return RepeatForm(
        way=sent.get("repeat", ""),
        every=sent.get("repeat_every", "1"),
        weekdays=[day for day in sent.getlist("repeat_on") if day in WEEKDAYS],
        until=sent.get("repeat_until", ""),
        days_off=sent.get("repeat_days_off", KEEP),
        rule=sent.get("repeat_rule", ""),
    )


def repetition_of(form: RepeatForm, due: datetime | None) -> Repetition | None:
    """The repetition that a form asks for; raises Invalid for one that makes no sense."""
    if not form.way:
        return None
    after_end = form.way in _AFTER
    days_off = SKIP if form.way == "workday" else form.days_off
    try:
        return read_repetition(_rule_of(form, due), after_end=after_end, days_off=days_off)
    except NotARule as fault:
        raise Invalid(str(fault), errors=[FieldError("repeat", "invalid", str(fault))]) from None


def _rule_of(form: RepeatForm, due: datetime | None) -> str:
    if form.way == OWN:
        return form.rule
    frequency = _WAYS.get(form.way) or _AFTER.get(form.way, "")
    parts = [f"FREQ={frequency}"]
    if form.every.strip() not in ("", "1") and form.way != "workday":
        parts.append(f"INTERVAL={form.every.strip()}")
    if form.way == "week":
        day = due.astimezone(company_zone()).weekday() if due else 0
        parts.append(f"BYDAY={','.join(form.weekdays or [WEEKDAYS[day]])}")
    if form.way == "month" and due is not None:
        first = due.astimezone(company_zone()).date()
        is_last = (first + timedelta(days=1)).month != first.month
        parts.append(f"BYMONTHDAY={-1 if is_last else first.day}")
    if form.until:
        parts.append(f"UNTIL={form.until.replace('-', '')}")
    return ";".join(parts)


def repeat_form(repetition: Repetition | None) -> RepeatForm:
    """The form that shows a repetition."""
    if repetition is None:
        return RepeatForm()
    parts = repetition.parts
    ways = {frequency: way for way, frequency in (_AFTER if repetition.after_end else _WAYS).items()}
    way = ways[parts["FREQ"]] if parts["FREQ"] != "DAILY" or repetition.after_end else "day"
    if way == "day" and repetition.days_off == SKIP and "INTERVAL" not in parts:
        way = "workday"
    weekdays = parts.get("BYDAY", "").split(",") if parts["FREQ"] == "WEEKLY" and "BYDAY" in parts else []
    is_known = not parts.keys() - {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL"} and (
        parts["FREQ"] == "WEEKLY" or "BYDAY" not in parts
    )
    is_known &= "," not in parts.get("BYMONTHDAY", "")
    until: date | None = repetition.until
    return RepeatForm(
        way=way if is_known else OWN,
        every=parts.get("INTERVAL", "1"),
        weekdays=weekdays,
        until=until.isoformat() if until else "",
        days_off=repetition.days_off,
        rule=repetition.rule,
    )


def kept_form(repetition: Repetition | None) -> RepeatForm:
    """The form that shows a repetition and keeps its days of the month, whatever the first moment."""
    found = repeat_form(repetition)
    return replace(found, way=OWN) if repetition and "BYMONTHDAY" in repetition.parts else found


def repeats(repetition: Repetition | None) -> str:
    """How it comes again in words, "" for what does not."""
    return in_words(repetition) if repetition else ""
