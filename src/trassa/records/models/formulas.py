"""Which formulas the records of a type hold, and how far counting them anew has come."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class FormulaState(models.Model):
    """By which formulas the records of a type were counted, see `actions/recounting.py`.

    Both dictionaries map ids of fields to digests of their formulas: those that all records hold, and those
    that are being counted at present, in ascending order of records up to `after_id`.
    """

    type_id = models.BigIntegerField(primary_key=True)
    held = models.JSONField(default=dict)
    pending = models.JSONField(default=dict)
    after_id = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)

    class Meta:
        db_table = "records_formula_state"

    def __str__(self) -> str:
        return f"{self.type_id}: {self.done} of {self.total}"


class Recount(models.Model):
    """Records whose formulas look at something that has changed: too many for the write that changed it."""

    type_id = models.BigIntegerField()
    field_ids = ArrayField(models.BigIntegerField())
    #: In ascending order; the first `done` are counted.
    ids = ArrayField(models.BigIntegerField())
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField()
    #: What led to it, as history says it.
    cause = models.JSONField()
    #: Whether rules are not asked.
    quiet = models.BooleanField()

    class Meta:
        db_table = "records_recount"

    def __str__(self) -> str:
        return f"{self.type_id}: {self.done} of {self.total}"
