"""Secret addresses at which calendars of other programs read somebody's days."""

from django.db import models


class CalendarFeed(models.Model):
    """The address of a person's calendar; only its digest is kept, so it is shown once."""

    person = models.OneToOneField(
        "people.Person", models.CASCADE, primary_key=True, related_name="+", db_index=False
    )
    #: None when the address was withdrawn.
    digest = models.BinaryField(null=True, unique=True)
    #: Part of the identifiers of events: the same for ever, so that another address doubles nothing.
    namespace = models.UUIDField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_calendar_feed"
        constraints = [
            models.CheckConstraint(
                name="work_calendar_feed_whole",
                condition=models.Q(digest=None, made_at=None)
                | models.Q(digest__isnull=False, made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
