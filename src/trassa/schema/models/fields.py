"""Fields and the options of choices. A field's column is `f_<id>`; its kind changes only
between kinds that keep texts."""

from django.db import models

from trassa.schema.models.record_types import CODE_PATTERN


class Field(models.Model):
    """One field of a type.

    Retired fields keep column and values. A field with `doomed_in` is being destroyed: that generation
    was the first without it, and its column goes when no process uses an older one.
    """

    type = models.ForeignKey("schema.RecordType", models.CASCADE, related_name="fields")
    code = models.CharField(max_length=49)
    kind = models.CharField(max_length=40)
    label = models.JSONField()
    help = models.JSONField()
    required = models.BooleanField(default=False)
    unique = models.BooleanField(default=False)
    read_only = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    sortable = models.BooleanField(default=False)
    default = models.JSONField(null=True)
    #: Stored trees of the expression language: conditions, and a default that is worked out.
    visible_when = models.JSONField(null=True)
    required_when = models.JSONField(null=True)
    editable_when = models.JSONField(null=True)
    default_formula = models.JSONField(null=True)
    #: What the value is worked out from; nobody writes it. While `frozen_when` holds it stays as it is.
    formula = models.JSONField(null=True)
    frozen_when = models.JSONField(null=True)
    #: Seen also by those who do not see what it is worked out from.
    formula_open = models.BooleanField(default=False)
    #: History tells its changes.
    keeps_history = models.BooleanField(default=False)
    target = models.ForeignKey("schema.RecordType", models.PROTECT, null=True, related_name="+")
    #: Of a lookup: the link of the same type, and the field of the linked record that is shown.
    through = models.ForeignKey("schema.Field", models.SET_NULL, null=True, related_name="+")
    shown = models.ForeignKey("schema.Field", models.SET_NULL, null=True, related_name="+")
    settings = models.JSONField(default=dict)
    position = models.IntegerField(default=0)
    #: An index or a constraint is still being built; `problem` says why it could not be.
    finishing = models.BooleanField(default=False)
    problem = models.TextField(blank=True, default="")
    retired_at = models.DateTimeField(null=True)
    doomed_in = models.BigIntegerField(null=True)
    doomed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="schema_field_code_once",
                fields=["type", "code"],
                condition=models.Q(doomed_in__isnull=True),
            ),
            models.CheckConstraint(name="schema_field_code", condition=models.Q(code__regex=CODE_PATTERN)),
            models.CheckConstraint(
                name="schema_field_doomed_is_retired",
                condition=models.Q(doomed_in__isnull=True) | models.Q(retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Option(models.Model):
    """One value of a choice field. Retired options stay readable where they are used."""

    field = models.ForeignKey(Field, models.CASCADE, related_name="options")
    code = models.CharField(max_length=49)
    label = models.JSONField()
    color = models.CharField(max_length=7, blank=True, default="")
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_option_code_once", fields=["field", "code"]),
            models.CheckConstraint(name="schema_option_code", condition=models.Q(code__regex=CODE_PATTERN)),
        ]

    def __str__(self) -> str:
        return self.code
