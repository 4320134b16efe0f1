"""Working calendars and absences; what they mean is computed by `people.calendars`."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from trassa.kernel import now


class Calendar(models.Model):
    """When there is work. Hours are texts as `parse_day` reads them, one for each day of the cycle."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    #: A name of the IANA time zone database.
    zone = models.CharField(max_length=64)
    cycle = ArrayField(models.CharField(max_length=200))
    #: The first day of a shift cycle; None for a week from Monday.
    starts_on = models.DateField(null=True, blank=True)
    #: Whose holidays are days off: "RU" or "".
    country = models.CharField(max_length=2, blank=True, default="")
    #: Counts for everybody who has no nearer one.
    is_company = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "is_company",
                name="people_calendar_one_of_company",
                condition=Q(is_company=True, retired_at=None),
            ),
            models.CheckConstraint(
                name="people_calendar_week_of_seven", condition=~Q(starts_on=None) | Q(cycle__len=7)
            ),
            models.CheckConstraint(name="people_calendar_country", condition=Q(country__in=["", "RU"])),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarException(models.Model):
    """A day of a calendar that is unlike what its cycle and the holidays say."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField()
    #: "" is a day off.
    hours = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="people_calendarexception_once", fields=["calendar", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.hours}"


class Absence(models.Model):
    """Days on which a person does not work. With a substitute the work goes on, without one it rests."""

    class Kind(models.TextChoices):
        VACATION = "vacation", _("Vacation")
        SICK = "sick", _("Illness")
        TRIP = "trip", _("Business trip")
        OTHER = "other", _("Other")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.VACATION)
    #: The first and the last day, both away.
    since = models.DateField()
    until = models.DateField()
    substitute = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="substitutions"
    )
    note = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["until", "since"], name="people_absence_days")]
        constraints = [
            models.CheckConstraint(name="people_absence_in_order", condition=Q(until__gte=models.F("since"))),
            models.CheckConstraint(
                name="people_absence_not_by_oneself",
                condition=Q(substitute=None) | ~Q(substitute=models.F("person")),
            ),
            models.CheckConstraint(
                name="people_absence_kind", condition=Q(kind__in=["vacation", "sick", "trip", "other"])
            ),
            ExclusionConstraint(
                name="people_absence_once_a_day",
                expressions=[
                    # A person as a range of one: equality would need an extension.
                    (
                        Func("person", "person", RangeBoundary(inclusive_upper=True), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("since", "until", RangeBoundary(inclusive_upper=True), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.since}–{self.until}"
