"""Grants."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("schema", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=8)),
                ("scope", models.CharField(max_length=10)),
                (
                    "field",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schema.field",
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schema.pipeline",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.role"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schema.stage",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schema.recordtype",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "verb", "scope", "type", "pipeline", "stage", "field"),
                        name="access_grant_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verb__in", ["see", "create", "edit", "delete", "move", "export"])
                        ),
                        name="access_grant_verb_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["own", "department", "branch", "all"])),
                        name="access_grant_scope_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", None), ("pipeline__isnull", False), _connector="OR"),
                            models.Q(("pipeline", None), ("type__isnull", False), _connector="OR"),
                        ),
                        name="access_grant_place_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("field", None),
                            models.Q(
                                ("pipeline", None),
                                ("scope", "all"),
                                ("stage", None),
                                ("type__isnull", False),
                                ("verb__in", ["see", "edit"]),
                            ),
                            _connector="OR",
                        ),
                        name="access_grant_field_without_scope",
                    ),
                ],
            },
        ),
    ]
