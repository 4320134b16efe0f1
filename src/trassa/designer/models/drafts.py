"""Drafts: what an administrator is about to make of a type, before it is applied."""

from django.db import models
from django.db.models.functions import Now


class Draft(models.Model):
    """One draft a type. `found` and `content` are parts of the configuration as the format writes them."""

    #: Of the type, which need not exist yet.
    code = models.CharField(max_length=49, unique=True)
    #: What was installed when the draft was begun: the base of the plan.
    found = models.JSONField()
    content = models.JSONField()
    #: Earlier contents, the latest last: what "step back" returns to.
    past = models.JSONField(default=list)
    #: Codes of fields whose values are left empty where they do not fit their new kind.
    emptied = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField(db_default=Now())
    edited_by_id = models.BigIntegerField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
