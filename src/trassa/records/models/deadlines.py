"""By which rules deadlines were counted, and what of checklists is done."""

from django.db import models


class DeadlineState(models.Model):
    """The deadlines of a type's stages when its records were counted last, see `actions/deadlines.py`."""

    type_id = models.BigIntegerField(primary_key=True)
    rules = models.TextField(default="")
    #: By which they are being counted now, in ascending order up to `after_id`; None when they are not.
    pending = models.TextField(null=True)
    after_id = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)

    class Meta:
        db_table = "records_deadline_state"

    def __str__(self) -> str:
        return f"{self.type_id}: {self.rules}"


class Tick(models.Model):
    """A thing of a stage's checklist that is done for a record; stays when the record leaves the stage."""

    pk = models.CompositePrimaryKey("record_id", "item_id")
    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    item_id = models.BigIntegerField()
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "records_tick"

    def __str__(self) -> str:
        return f"{self.record_id}: {self.item_id}"
