"""Which generation is current, which there were, and which ones processes still use.

See docs/decisions/0003-generations.md.
"""

from django.db import models


class SchemaState(models.Model):
    """The single row that carries the current number; its absence means generation 0, no types."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    #: Taken from `schema_generation_seq`: a number is never used twice, even after a rollback.
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="schema_schemastate_single", condition=models.Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.number)


class GenerationLog(models.Model):
    """Who made a generation, when and why."""

    number = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    cause = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.number)


class GenerationLease(models.Model):
    """The oldest generation that a running process uses; worthless after `expires_at`."""

    process = models.CharField(primary_key=True, max_length=64)
    number = models.BigIntegerField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process}: {self.number}"
