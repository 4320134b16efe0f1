"""Timers that wait. A timer that was served is gone. See docs/decisions/0010-timers.md."""

from django.db import models
from django.db.models.functions import Now


class Timer(models.Model):
    """Something that is to happen at a moment. It has no foreign keys: handlers look what is still there."""

    purpose = models.TextField()
    subject = models.TextField()
    payload = models.JSONField(default=dict)
    record_id = models.BigIntegerField(null=True)
    #: The column of the record that the moment comes from; "" for a moment of its own.
    anchor = models.TextField(default="")
    anchor_type_id = models.BigIntegerField(null=True)
    #: A duration as text, behind the anchor.
    offset = models.TextField(default="")
    person_id = models.BigIntegerField(null=True)
    #: When it is meant to happen; None while the anchor is empty.
    due_at = models.DateTimeField(null=True)
    #: When the worker looks next: the due moment, later after a failure; None while it sleeps.
    wake_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "automation_timer"
        constraints = [
            models.UniqueConstraint(name="automation_timer_key", fields=["purpose", "subject"]),
        ]
        indexes = [
            models.Index(name="automation_timer_wake", fields=["wake_at"]),
            models.Index(
                name="automation_timer_record",
                fields=["record_id"],
                condition=models.Q(record_id__isnull=False),
            ),
            models.Index(name="automation_timer_failed", fields=["id"], condition=models.Q(attempts__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject}"
