"""Which values of formulas stay as they were, and since when."""

from django.db import models


class FrozenValue(models.Model):
    """The value of one field of a record stays, because the field's condition for it holds.

    Follows the write that made the condition hold; without a moment when the condition came to the field
    later than to the record. The value itself stands in its column.
    """

    pk = models.CompositePrimaryKey("record_id", "field_id")
    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    field_id = models.BigIntegerField()
    since = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_frozen"

    def __str__(self) -> str:
        return f"{self.record_id}: {self.field_id}"
