"""Calls over the web: what rules send, attempt by attempt, and what came in."""

from django.db import models
from django.db.models.functions import Now


class Call(models.Model):
    """An outgoing call; its id stays the same however often it is tried."""

    class State(models.TextChoices):
        DUE = "due"
        DELIVERED = "delivered"
        #: Given up; an administrator may send it again.
        FAILED = "failed"

    #: Sent along, so that the receiver knows a repetition.
    key = models.UUIDField(unique=True)
    run = models.ForeignKey("automation.Run", on_delete=models.SET_NULL, null=True, related_name="+")
    rule = models.ForeignKey("automation.Rule", on_delete=models.CASCADE, related_name="+")
    record_id = models.BigIntegerField()
    #: Secrets in it, and in `headers`, stand as their codes in braces.
    url = models.TextField()
    #: What goes with it beside our own: name → value.
    headers = models.JSONField(default=dict)
    #: What is sent, as `kernel.seal` keeps it: fields in it may be restricted.
    sealed_body = models.TextField()
    #: Code of the secret that signs the body; "" leaves it unsigned.
    secret = models.TextField(default="")
    state = models.TextField(choices=State, default=State.DUE)
    attempts = models.IntegerField(default=0)
    #: What the last attempts met: [{"at", "status", "error", "ms", "sent", "got", "answer"}]; `sent` and
    #: `got` are heads with secrets masked, `answer` is how a refusal begins.
    log = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "automation_call"
        indexes = [
            models.Index(name="automation_call_rule", fields=["rule", "-id"]),
            models.Index(name="automation_call_at", fields=["created_at"]),
            models.Index(
                name="automation_call_open",
                fields=["state", "-id"],
                condition=~models.Q(state="delivered"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Arrival(models.Model):
    """What came in at the address of a rule; kept before it is answered, and can be played again."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        FAILED = "failed"

    rule = models.ForeignKey("automation.Rule", on_delete=models.CASCADE, related_name="+")
    #: Told by the sender or made of the content: what comes twice counts once.
    key = models.TextField()
    #: Head of the request: [[name, value]…], secrets masked.
    head = models.JSONField(default=list)
    #: What was told, as JSON that `kernel.seal` keeps.
    sealed_body = models.TextField()
    state = models.TextField(choices=State, default=State.DUE)
    attempts = models.IntegerField(default=0)
    error = models.TextField(default="")
    record_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "automation_arrival"
        constraints = [models.UniqueConstraint(name="automation_arrival_key", fields=["rule", "key"])]
        indexes = [
            models.Index(name="automation_arrival_at", fields=["at"]),
            models.Index(name="automation_arrival_rule", fields=["rule", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.key}"
