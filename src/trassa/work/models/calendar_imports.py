"""Files of other calendars that somebody takes over."""

from django.db import models


class CalendarImport(models.Model):
    """A file that was looked at, taken over, or taken back. Its content goes as soon as it is taken over."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    name = models.TextField()
    content = models.BinaryField(default=b"")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    #: Ids of tasks that it made, and of those that it called off with their versions since.
    made = models.JSONField(default=list)
    ended = models.JSONField(default=list)
    #: Of each task that it changed: id, version since, and what was before.
    changed = models.JSONField(default=list)

    class Meta:
        db_table = "work_calendar_import"
        constraints = [
            models.CheckConstraint(
                name="work_calendar_import_order",
                condition=models.Q(undone_at=None) | models.Q(done_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="work_calendar_import_person", fields=["person", "-id"])]

    def __str__(self) -> str:
        return self.name
