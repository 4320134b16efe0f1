"""Secrets that rules name by their codes: what signs calls to others. Only sealed values are stored."""

from django.db import models
from django.db.models.functions import Now


class Secret(models.Model):
    """A secret of this installation. Files and rules name its code; nobody reads its value again."""

    code = models.TextField(unique=True)
    #: See `trassa.kernel.sealing`.
    sealed = models.TextField()
    set_at = models.DateTimeField(db_default=Now())
    set_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "automation_secret"

    def __str__(self) -> str:
        return self.code
