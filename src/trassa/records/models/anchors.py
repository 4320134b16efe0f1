"""The thin row that every record has beside its type's own: the target of foreign keys.

The type's row is the truth; only the write path touches the anchor, and `doctor` compares them.
See docs/decisions/0001-one-table-per-type.md.
"""

from django.db import models


class Anchor(models.Model):
    """A record as tasks, files, messages and cases refer to it."""

    #: Given by the writer from `records_id_seq`, one sequence over all types.
    id = models.BigIntegerField(primary_key=True)
    type = models.ForeignKey("schema.RecordType", models.PROTECT, related_name="+", db_index=False)
    title = models.TextField(blank=True, default="")
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_record"
        indexes = [
            models.Index(
                fields=["type", "-deleted_at", "-id"],
                name="records_record_bin",
                condition=models.Q(deleted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """A person who takes part in a record without owning it, so that scope *own* reaches it.

    Derived from the record's person fields that say `participant: true`.
    """

    pk = models.CompositePrimaryKey("person_id", "type_id", "record_id")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    type = models.ForeignKey("schema.RecordType", models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Anchor, models.CASCADE, related_name="+")

    class Meta:
        db_table = "records_participant"

    def __str__(self) -> str:
        return f"{self.person_id} in {self.record_id}"
