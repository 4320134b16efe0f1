"""Filters that people have saved for themselves: conditions of a list or a board under a name.

Fields stand as ids, so that renaming one touches no filter; each line keeps the words by which the field
was known, so that a filter can say what it misses when the field is retired.
"""

from typing import Literal

from django.db import models


class SavedFilter(models.Model):
    """One person's filter of one type, of one of its pipelines when it belongs to a board."""

    class View(models.TextChoices):
        LIST = "list"
        BOARD = "board"

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="+")
    pipeline = models.ForeignKey("schema.Pipeline", models.CASCADE, null=True, related_name="+")
    #: Where it was saved; an address without more words leads there.
    view: models.Field[Literal["list", "board"], Literal["list", "board"]] = models.CharField(
        max_length=5, choices=View
    )
    name = models.CharField(max_length=80)
    text = models.TextField(blank=True, default="")
    #: `{"column": "created_at", "descending": true}` or `{"field": 12, …}`; None is the usual order.
    order = models.JSONField(null=True)
    #: `[{"field": 12, "label": {"ru": …}, "operation": "gte", "value": "5"}, {"column": "owner", …}]`.
    lines = models.JSONField(default=list)
    #: A stored tree of the expression language.
    where = models.JSONField(null=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_savedfilter"
        constraints = [
            models.UniqueConstraint(
                name="records_savedfilter_name_once",
                fields=["person", "type", "pipeline", "name"],
                condition=models.Q(removed_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="records_savedfilter_view", condition=models.Q(view__in=["list", "board"])
            ),
        ]

    def __str__(self) -> str:
        return self.name
