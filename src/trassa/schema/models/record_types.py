"""Record types and their layouts. A type's table is `r_<id>`, whatever its code becomes."""

from django.db import models

CODE_PATTERN = r"^[a-z][a-z0-9_]{0,48}$"


class RecordType(models.Model):
    """One kind of record, such as a car or a deal. Retired types keep their tables and codes."""

    code = models.CharField(max_length=49, unique=True)
    label = models.JSONField()
    plural = models.JSONField()
    icon = models.CharField(max_length=40, default="file")
    menu = models.JSONField()
    title_template = models.TextField(blank=True, default="")
    number_prefix = models.CharField(max_length=20, blank=True, default="")
    number_width = models.PositiveSmallIntegerField(default=5)
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="schema_recordtype_code", condition=models.Q(code__regex=CODE_PATTERN)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Layout(models.Model):
    """How records of a type are shown. Fields stand as ids, base columns as their names."""

    type = models.OneToOneField(RecordType, models.CASCADE, related_name="layout")
    #: Tabs: `{code, label, sections: [{label, fields, columns}]}`.
    card = models.JSONField(default=list)
    #: Further layouts of the card: `{code, label, tabs, roles, stages}`; roles and stages stand as ids.
    cards = models.JSONField(default=list)
    list_columns = models.JSONField(default=list)
    board_subtitle = models.JSONField(default=list)
    board_sum = models.ForeignKey("schema.Field", models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"layout of {self.type_id}"
