"""Changes of many records at once: what was asked for, and what became of each record.

A run's records are written down when it begins. A batch and what became of its records are one transaction,
so nothing is done twice, whatever happens to a job. See docs/decisions/0025-bulk.md.
"""

from django.db import models
from django.db.models.functions import Now


class BulkRun(models.Model):
    """One change of many records of a type, seen by its person."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"
        UNDOING = "undoing"
        UNDONE = "undone"

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="+", db_index=False)
    #: "changed", "moved", "binned" or "restored".
    change = models.CharField(max_length=8)
    #: `types.BulkChange` without its verb: fields by code with raw values, pipeline, stage, reason, owner.
    wish = models.JSONField()
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    problem = models.TextField(default="")
    #: Jobs that have begun since the last batch.
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_bulk_run"
        indexes = [
            models.Index(fields=["person", "-id"], name="records_bulk_run_own"),
            models.Index(
                fields=["touched_at"],
                name="records_bulk_run_working",
                condition=models.Q(state__in=("running", "undoing")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.change} {self.state}"

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.UNDOING)

    @property
    def is_undoable(self) -> bool:
        """Whether it has ended and anything of it is not taken back yet."""
        is_ended = not self.is_working and self.state != self.State.UNDONE
        return is_ended and self.changed > self.returned + self.kept


class BulkItem(models.Model):
    """One record of a run."""

    class Fate(models.TextChoices):
        DUE = "due"
        CHANGED = "changed"
        #: There was nothing to change.
        SAME = "same"
        REFUSED = "refused"
        RETURNED = "returned"
        #: Undoing left it, wholly or in part.
        KEPT = "kept"

    pk = models.CompositePrimaryKey("run_id", "record_id")
    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="+", db_index=False)
    record_id = models.BigIntegerField()
    fate = models.CharField(max_length=8, choices=Fate, default=Fate.DUE)
    #: Why it was refused or left.
    reason = models.TextField(default="")

    class Meta:
        db_table = "records_bulk_item"
        indexes = [models.Index(fields=["run", "fate", "record_id"], name="records_bulk_item_fate")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.record_id} {self.fate}"
