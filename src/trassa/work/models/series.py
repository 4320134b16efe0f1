"""Series of tasks that come again: how, and what each of them is made of."""

from django.db import models
from django.db.models import Q


class Series(models.Model):
    """Tasks that follow one another. The next one is made under a lock of this row, once for each number."""

    #: An RRULE of RFC 5545, see `work.repetition`.
    rule = models.TextField()
    #: Counted from when the last one ended.
    after_end = models.BooleanField(default=False)
    #: What happens with days off: keep, skip, next.
    days_off = models.TextField(default="keep")
    #: When the first one was due: the rule counts from there.
    starts_at = models.DateTimeField()
    #: When the last one was due by the rule, wherever somebody has moved it.
    planned_at = models.DateTimeField()
    #: Id of the last one. No foreign key: it goes with its record, and its series is over then.
    last_id = models.BigIntegerField()
    #: How many there were.
    number = models.IntegerField(default=1)
    #: What the next one is made of, by the names of a TaskDraft.
    pattern = models.JSONField()
    author = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_series"
        constraints = [
            models.CheckConstraint(
                name="work_series_days_off", condition=Q(days_off__in=["keep", "skip", "next"])
            ),
            models.CheckConstraint(name="work_series_number", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return self.rule
