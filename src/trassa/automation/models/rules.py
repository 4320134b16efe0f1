"""Rules with their versions, what became of them record by record, and what they brought about.

A definition is JSON in codes as packs write it; beside it stand the trees of its expressions, by their text.
See docs/decisions/0012-rules.md.
"""

from django.db import models
from django.db.models.functions import Now


class Rule(models.Model):
    """A rule in its present version."""

    code = models.TextField(unique=True)
    type = models.ForeignKey("schema.RecordType", on_delete=models.PROTECT, related_name="+")
    label = models.JSONField()
    #: When, condition and steps.
    definition = models.JSONField()
    #: Text of an expression → its tree.
    trees = models.JSONField(default=dict)
    #: Types whose records it keeps in step with those of its own.
    target_ids = models.JSONField(default=list)
    version = models.IntegerField(default=1)
    position = models.IntegerField(default=0)
    is_active = models.BooleanField(default=True)
    #: Digest of the secret part of the address at which it listens; "" as long as it has none.
    address_digest = models.TextField(default="")
    address_set_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "automation_rule"
        constraints = [
            models.UniqueConstraint(
                name="automation_rule_address",
                fields=["address_digest"],
                condition=~models.Q(address_digest=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RuleVersion(models.Model):
    """A state that a rule once had; runs that began with it end with it."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    label = models.JSONField()
    definition = models.JSONField()
    trees = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "automation_rule_version"
        constraints = [
            models.UniqueConstraint(name="automation_rule_version_key", fields=["rule", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.number}"


class Run(models.Model):
    """One evaluation of a rule for one record: whether it fired, why, and what each step did."""

    class State(models.TextChoices):
        #: It did not fire.
        SKIPPED = "skipped"
        #: A job is to go on with it.
        QUEUED = "queued"
        #: A timer is to go on with it.
        WAITING = "waiting"
        FAILED = "failed"
        DONE = "done"

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField()
    record_id = models.BigIntegerField()
    event = models.TextField()
    #: Says once for all what it answers to, where that could come twice; None elsewhere.
    key = models.TextField(null=True)
    state = models.TextField(choices=State)
    #: Why it fired or did not: {"result", "values": [[path, value]…]}.
    why = models.JSONField(default=dict)
    #: What led to it, as in history.
    cause = models.JSONField(default=dict)
    #: The instruction that comes next.
    place = models.IntegerField(default=0)
    #: What each step did, in order.
    steps = models.JSONField(default=list)
    attempts = models.IntegerField(default=0)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "automation_run"
        constraints = [
            models.UniqueConstraint(name="automation_run_key", fields=["rule", "record_id", "key"]),
        ]
        indexes = [
            models.Index(name="automation_run_record", fields=["record_id", "-id"]),
            models.Index(name="automation_run_rule", fields=["rule", "-id"]),
            models.Index(name="automation_run_at", fields=["at"]),
            models.Index(name="automation_run_failed", fields=["-id"], condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.record_id} {self.state}"


class Companion(models.Model):
    """A record that a step of a rule made or found for another one: made once, kept in step from then on."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+")
    #: Which of the rule's creating steps.
    step = models.TextField()
    source_id = models.BigIntegerField()
    target_id = models.BigIntegerField()

    class Meta:
        db_table = "automation_companion"
        constraints = [
            models.UniqueConstraint(name="automation_companion_key", fields=["rule", "step", "source_id"]),
        ]
        indexes = [
            models.Index(name="automation_companion_source", fields=["source_id"]),
            models.Index(name="automation_companion_target", fields=["target_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class Turn(models.Model):
    """Who was last given something by a step that goes round."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+")
    step = models.TextField()
    person_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "automation_turn"
        constraints = [models.UniqueConstraint(name="automation_turn_key", fields=["rule", "step"])]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.step}"
