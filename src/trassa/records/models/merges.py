"""Which record became part of which, and what moved with it, so that it can be brought back.

The record that was merged away lies in the bin as long as its merge stands; its history stays its own and
readers follow it. See docs/decisions/0027-merges.md.
"""

from django.db import models


class Merge(models.Model):
    """One record taken in by another of its type; history of both names this row in its causes."""

    survivor = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    loser = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: Version of the survivor that the merge made: what changed later is not taken back.
    version = models.IntegerField()
    #: Links of other records that were turned: `[[record, field, before, after], …]`, values as in history.
    links = models.JSONField(default=list)
    #: Files that moved, with their places: `[{"id", "field", "kind", "position"}, …]`.
    files = models.JSONField(default=list)
    #: What else moved, by the name in `records.registries.record_references`: `{"records.comments": [ids]}`.
    references = models.JSONField(default=dict)
    #: Id of the first of the merges that were made in one go and are taken back in one; None of a single one.
    together = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "records_merge"
        constraints = [
            models.UniqueConstraint(
                name="records_merge_once", fields=["loser"], condition=models.Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(
                name="records_merge_of_two", condition=~models.Q(survivor=models.F("loser"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["survivor"],
                name="records_merge_survivor",
                condition=models.Q(undone_at__isnull=True),
            ),
            models.Index(fields=["loser"], name="records_merge_loser"),
            models.Index(
                fields=["together"],
                name="records_merge_together",
                condition=models.Q(together__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.survivor_id}"
