"""The rights revision: one number that changes whenever anybody's rights may have changed.

What a process compiles from roles and grants it keeps under this number. The number is drawn from a
sequence, so a rolled-back change never leaves its number to a later one.
"""

from django.db import models


class RightsRevision(models.Model):
    """The only row has id 1."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_rightsrevision_single_row", condition=models.Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.number)
