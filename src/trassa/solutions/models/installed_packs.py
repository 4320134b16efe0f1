"""Which packs are installed, in which version, and what they said when they were applied."""

from django.db import models


class InstalledPack(models.Model):
    """One pack. `content` is the pack's configuration at its last apply: the base of the next merge.

    A pack that was rolled back to nothing stays as a row without a version, for its numbers and demo data.
    """

    code = models.CharField(max_length=49, unique=True)
    version = models.CharField(max_length=40)
    label = models.JSONField()
    content = models.JSONField()
    #: Codes of the packs that it requires.
    requires = models.JSONField(default=list)
    applied_at = models.DateTimeField()
    applied_by_id = models.BigIntegerField(null=True)
    #: When the pack's demo data were loaded; null when they never were.
    demo_loaded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["applied_at", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
