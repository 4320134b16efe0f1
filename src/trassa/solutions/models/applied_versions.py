"""Every apply of a pack, with what it found and what it left: the way back."""

from django.db import models

from trassa.solutions.models.installed_packs import InstalledPack


class AppliedVersion(models.Model):
    """One apply. `before` and `after` hold the changed things whole, as Configuration writes them.

    Both are null for what was applied before versions were kept: there is no way back behind it.
    """

    pack = models.ForeignKey(InstalledPack, models.CASCADE, related_name="versions")
    #: Counts the applies of the pack from 1.
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=40)
    #: What the pack said: the base of the next merge once later versions are rolled back.
    content = models.JSONField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    step_count = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField()
    applied_by_id = models.BigIntegerField(null=True)
    rolled_back_at = models.DateTimeField(null=True)
    rolled_back_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["pack", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="solutions_applied_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.pack} #{self.number}"
