"""Conditions of fields and stages, and defaults that are worked out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schema", "0002_lookups"),
    ]

    operations = [
        migrations.AddField(
            model_name="field",
            name="default_formula",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="field",
            name="editable_when",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="field",
            name="required_when",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="field",
            name="visible_when",
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name="StageCondition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49)),
                ("condition", models.JSONField()),
                ("message", models.JSONField(default=dict)),
                ("position", models.IntegerField(default=0)),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conditions",
                        to="schema.stage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stage", "code"), name="schema_stagecondition_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")),
                        name="schema_stagecondition_code",
                    ),
                ],
            },
        ),
    ]
