"""Views that people have saved: what a list, board or calendar shows, under a name.

Fields stand as ids, so that renaming one touches no view; each place keeps the words by which the field
was known, so that a view can say what it misses when the field is retired.
"""

from typing import Literal

from django.db import models

LookCode = Literal["list", "compact", "board", "calendar"]


class SavedView(models.Model):
    """One view of a type, or of one of its pipelines. Its owner's alone until it is shared with roles."""

    class Look(models.TextChoices):
        LIST = "list"
        COMPACT = "compact"
        BOARD = "board"
        CALENDAR = "calendar"

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="+")
    pipeline = models.ForeignKey("schema.Pipeline", models.CASCADE, null=True, related_name="+")
    look: models.Field[LookCode, LookCode] = models.CharField(max_length=8, choices=Look)
    name = models.CharField(max_length=80)
    text = models.TextField(blank=True, default="")
    #: `{"column": "created_at", "descending": true}` or `{"field": 12, …}`; None is the usual order.
    order = models.JSONField(null=True)
    #: `[{"field": 12, "label": {"ru": …}, "operation": "gte", "value": "5"}, {"column": "owner", …}]`.
    lines = models.JSONField(default=list)
    #: A stored tree of the expression language.
    where = models.JSONField(null=True)
    #: `[{"field": 12, "label": …, "width": 160}, {"column": "title"}]`, pixels; empty: those of the type.
    columns = models.JSONField(default=list)
    #: What rows are grouped by, as in `order`; None: they are not.
    group = models.JSONField(null=True)
    #: The date on which a calendar shows a record, as in `order`.
    day = models.JSONField(null=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "records_savedview"
        constraints = [
            models.UniqueConstraint(
                name="records_savedview_name_once",
                fields=["person", "type", "pipeline", "name"],
                condition=models.Q(removed_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="records_savedview_look",
                condition=models.Q(look__in=["list", "compact", "board", "calendar"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ViewRole(models.Model):
    """A view is shared with the holders of a role."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="shares", db_index=False)
    role = models.ForeignKey("people.Role", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="records_viewrole_once", fields=["view", "role"])]

    def __str__(self) -> str:
        return f"{self.view_id}: {self.role_id}"


class ViewDefault(models.Model):
    """The view that opens for one person, or for the holders of a role, who come to a list or a board."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="defaults")
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+", db_index=False)
    role = models.ForeignKey("people.Role", models.CASCADE, null=True, related_name="+", db_index=False)
    #: Those of the view, so that a person and a role have one default a place.
    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="+")
    pipeline = models.ForeignKey("schema.Pipeline", models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="records_viewdefault_once",
                fields=["person", "role", "type", "pipeline"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="records_viewdefault_of_one",
                condition=models.Q(person__isnull=False, role__isnull=True)
                | models.Q(person__isnull=True, role__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.view_id}: {self.person_id or self.role_id}"
