"""Imports and what became of their rows. See docs/decisions/0024-imports.md.

A run's cursor moves in the transaction that writes rows and their outcomes, so a row is never lost and never
written twice. Files lie in the store of `records`; their ids are no foreign keys, because an upload goes when
its time is over.
"""

from django.db import models
from django.db.models.functions import Now

from trassa.imports.types import Fate, Return, State


class Run(models.Model):
    """One import of one file into one type."""

    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="+", db_index=False)
    #: None is the system: the command line.
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    #: Reasons are written in the language of whoever imports.
    language = models.CharField(max_length=2)
    file_id = models.BigIntegerField(null=True)
    file_name = models.TextField()
    file_type = models.TextField()
    file_size = models.BigIntegerField()
    sheets = models.JSONField(default=list)
    #: `types.Source`, the first lines, `types.Column`s and `types.Options`.
    source = models.JSONField(default=dict)
    sample = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    #: Digest of the headings: the next file with the same ones gets the same columns.
    headings = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=10, default=State.NEW.value)
    cursor = models.IntegerField(default=0)
    share = models.FloatField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    duplicates = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    undecided = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    error = models.TextField(default="")
    #: Jobs that have begun since the cursor last moved.
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "imports_run"
        constraints = [
            models.CheckConstraint(
                name="imports_run_state_known", condition=models.Q(state__in=[each.value for each in State])
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="imports_run_mine"),
            models.Index(fields=["type", "headings", "-id"], name="imports_run_headings"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class Outcome(models.Model):
    """What became of one line of a run: the map from rows to records, and the rows that made none."""

    pk = models.CompositePrimaryKey("run_id", "line")
    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    line = models.IntegerField()
    fate = models.CharField(max_length=9)
    record_id = models.BigIntegerField(null=True)
    version = models.IntegerField(null=True)
    #: `types.Reason`s; cells and candidates are kept where nothing was written.
    reasons = models.JSONField(null=True)
    cells = models.JSONField(null=True)
    candidates = models.JSONField(null=True)
    #: How an undecided row is to be written (`types.How`), and which of the candidates it means.
    decision = models.CharField(max_length=9, default="")
    chosen_id = models.BigIntegerField(null=True)
    returned = models.CharField(max_length=8, default=Return.NONE.value)
    kept_because = models.TextField(default="")

    class Meta:
        db_table = "imports_outcome"
        constraints = [
            models.CheckConstraint(
                name="imports_outcome_fate_known", condition=models.Q(fate__in=[each.value for each in Fate])
            ),
        ]
        indexes = [
            models.Index(fields=["run", "record_id"], name="imports_outcome_record"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line} {self.fate}"
