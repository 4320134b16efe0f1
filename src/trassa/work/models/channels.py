"""How people want to be told, and what was sent to them past the screen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class ChannelChoice(models.Model):
    """What one person has chosen; who has no row is told as usual."""

    class Digest(models.TextChoices):
        #: Each letter at once.
        NONE = ""
        HOURLY = "hourly"
        DAILY = "daily"

    person = models.OneToOneField(
        "people.Person", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    #: Kind of notices → channels; kinds that are absent keep to what is usual for them.
    channels = models.JSONField(default=dict)
    #: In the person's zone; both or none. Over midnight when the first is later.
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    #: Nothing on days off either.
    rests = models.BooleanField(default=False)
    digest = models.TextField(choices=Digest, default=Digest.NONE, blank=True)
    #: When a daily letter comes, in the person's zone.
    digest_at = models.TimeField(default="09:00")
    #: The address that the mail server has refused: no letters are planned while the person has it.
    refused_email = models.TextField(default="", blank=True)

    class Meta:
        db_table = "work_channel_choice"
        constraints = [
            models.CheckConstraint(
                name="work_channel_choice_quiet",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
            models.CheckConstraint(
                name="work_channel_choice_digest", condition=Q(digest__in=["", "hourly", "daily"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class Delivery(models.Model):
    """One letter or message to one person; its key stays the same however often it is tried."""

    class State(models.TextChoices):
        DUE = "due"
        SENT = "sent"
        #: Given up; an administrator may send it again.
        FAILED = "failed"
        #: There was nothing left to tell: it was read meanwhile, or is out of the person's reach.
        DROPPED = "dropped"

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    #: A name of `channels`.
    channel = models.TextField()
    #: Names what is sent, so that it is not made twice: “email:118”, “email:digest:7:2026-05-12T06:00”.
    key = models.TextField(unique=True)
    #: Ids of notices.
    notices = ArrayField(models.BigIntegerField())
    state = models.TextField(choices=State, default=State.DUE)
    #: When it is meant to be sent.
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    #: What the last attempts met: [{"at", "error", "ms"}].
    log = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_delivery"
        indexes = [
            models.Index(name="work_delivery_person", fields=["person", "-id"]),
            models.Index(name="work_delivery_failed", fields=["-id"], condition=Q(state="failed")),
            models.Index(name="work_delivery_created", fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return self.key
