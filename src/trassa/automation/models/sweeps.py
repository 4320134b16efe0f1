"""Rules that are going through the records of their type, a part a job."""

from django.db import models


class Sweep(models.Model):
    """How far a rule has come: records up to `after_id` are done. Gone at the end."""

    rule = models.ForeignKey("automation.Rule", on_delete=models.CASCADE, related_name="+")
    #: For what it goes through them, see `actions/sweeps.py`.
    key = models.TextField()
    after_id = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    #: Known with the first part.
    total = models.BigIntegerField(null=True)

    class Meta:
        db_table = "automation_sweep"
        constraints = [
            models.UniqueConstraint(name="automation_sweep_key", fields=["rule", "key"]),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.key}: {self.done} of {self.total}"
