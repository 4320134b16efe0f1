"""Files: who keeps which content under which name, and the contents themselves, each once.

A file without a record is an upload: its uploader alone sees it, and it goes when it expires. A removed
file keeps its place for a while, so that removal can be undone. See docs/decisions/0019-files.md.
"""

from django.db import models
from django.db.models import Q


class Content(models.Model):
    """Bytes under their SHA-256; they lie in the store, not here."""

    class Preview(models.TextChoices):
        NONE = "none"
        DUE = "due"
        MADE = "made"
        FAILED = "failed"

    hash = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()
    #: Pixels of a verified raster; None for everything else.
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    preview = models.CharField(max_length=6, choices=Preview, default=Preview.NONE)
    #: Small pictures of this content, contents themselves.
    thumbnail = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    large = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "records_content"
        indexes = [models.Index(fields=["stored_at"], name="records_content_stored")]

    def __str__(self) -> str:
        return self.hash


class File(models.Model):
    """A content under a name: an upload, attached to a record, to one of its fields, or to a comment, or held
    by a row of an upper room."""

    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    #: Media type, found out from the content; texts differ by their names.
    type = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    uploaded_at = models.DateTimeField()
    #: When an upload that nobody attached goes.
    expires_at = models.DateTimeField(null=True)
    record = models.ForeignKey("records.Anchor", models.CASCADE, null=True, related_name="+", db_index=False)
    #: Field of the record, None for a file beside the fields. No foreign key: fields are destroyed apart.
    field_id = models.BigIntegerField(null=True)
    #: The comment that carries it; such a file hangs on the record of the comment, beside the fields.
    comment = models.ForeignKey(
        "records.Comment", models.CASCADE, null=True, related_name="+", db_index=False
    )
    #: Option of the field that says what kind of document it is.
    kind_id = models.BigIntegerField(null=True)
    #: What holds it that is no record: a code of `records.registries.file_holders`, and its id.
    holder = models.TextField(default="")
    holder_id = models.BigIntegerField(null=True)
    position = models.IntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_file"
        constraints = [
            models.CheckConstraint(
                name="records_file_attached_or_expiring",
                condition=Q(record__isnull=False, expires_at__isnull=True, holder="")
                | Q(record__isnull=True, expires_at__isnull=False, field_id__isnull=True, holder="")
                | Q(
                    record__isnull=True,
                    expires_at__isnull=True,
                    field_id__isnull=True,
                    holder_id__isnull=False,
                )
                & ~Q(holder=""),
            ),
            models.CheckConstraint(
                name="records_file_comment_beside_fields",
                condition=Q(comment__isnull=True) | Q(record__isnull=False, field_id__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["record", "field_id", "position"],
                name="records_file_record",
                condition=Q(record__isnull=False),
            ),
            models.Index(
                fields=["field_id", "record"], name="records_file_field", condition=Q(field_id__isnull=False)
            ),
            models.Index(fields=["comment"], name="records_file_comment", condition=Q(comment__isnull=False)),
            models.Index(
                fields=["holder_id", "holder"],
                name="records_file_holder",
                condition=Q(holder_id__isnull=False),
            ),
            models.Index(
                fields=["expires_at"], name="records_file_expires", condition=Q(expires_at__isnull=False)
            ),
            models.Index(
                fields=["removed_at"], name="records_file_removed", condition=Q(removed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name
