"""Comments on records. Their history stands in the record's stream; the row is what is shown now."""

from django.db import models


class Comment(models.Model):
    """What somebody wrote about a record: plain text with line breaks."""

    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    #: May be empty beside files; without them it has been erased.
    text = models.TextField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_comment"
        indexes = [
            models.Index(fields=["record", "-id"], name="records_comment_record"),
            models.Index(
                fields=["deleted_at"],
                name="records_comment_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
