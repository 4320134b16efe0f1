"""Reminders: of a task, of a date of a record, or at a moment. When is the matter of timers."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Reminder(models.Model):
    """Somebody wants to be told some time before (or after) something."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey("work.Task", on_delete=models.CASCADE, null=True, related_name="+")
    record = models.ForeignKey("records.Anchor", on_delete=models.CASCADE, null=True, related_name="+")
    #: Physical name of the date of the record that it follows; "" for a moment of its own.
    column = models.TextField(default="")
    #: A duration as text, before the date when negative; "" for a moment of its own.
    offset = models.TextField(default="")
    #: The moment of one that follows nothing.
    at = models.DateTimeField(null=True)
    note = models.TextField(default="")
    #: The moment for which the person was told last.
    told_for = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "work_reminder"
        constraints = [
            models.UniqueConstraint(
                name="work_reminder_once",
                fields=["person", "task", "record", "column", "offset", "at"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="work_reminder_of_something",
                condition=Q(at__isnull=False, offset="", column="")
                | Q(at=None, task__isnull=False, record=None, column="") & ~Q(offset="")
                | Q(at=None, task=None, record__isnull=False) & ~Q(offset="") & ~Q(column=""),
            ),
        ]
        indexes = [models.Index(name="work_reminder_person", fields=["person", "id"])]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.offset or self.at}"
