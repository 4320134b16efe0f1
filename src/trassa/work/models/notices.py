"""Notices: who was told of what. Words are made when they are read, so nothing of a record is kept here."""

from django.db import models
from django.db.models.functions import Now


class Notice(models.Model):
    """One person was told of one thing, once."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    #: A code of `notice_kinds`.
    kind = models.TextField()
    #: Names what happened, so that nobody is told of it twice.
    key = models.TextField()
    #: A person without rights to the record does not see the notice.
    record = models.ForeignKey("records.Anchor", on_delete=models.CASCADE, null=True, related_name="+")
    who = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict)
    #: Shown on the screen; the others only went by letter or message.
    in_app = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_notice"
        constraints = [models.UniqueConstraint(name="work_notice_once", fields=["person", "key"])]
        indexes = [
            models.Index(name="work_notice_person", fields=["person", "-id"]),
            models.Index(
                name="work_notice_unread", fields=["person", "-id"], condition=models.Q(read_at__isnull=True)
            ),
            models.Index(name="work_notice_created", fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.key}"
