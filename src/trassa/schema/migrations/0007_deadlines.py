"""Stages get deadlines and checklists."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schema", "0006_further_cards"),
    ]

    operations = [
        migrations.AddField(
            model_name="stage",
            name="deadline",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="stage",
            name="deadline_escalation",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="stage",
            name="deadline_field",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="schema.field"
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="deadline_warning",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.CreateModel(
            name="StageItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49)),
                ("label", models.JSONField()),
                ("required", models.BooleanField(default=False)),
                ("position", models.IntegerField(default=0)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="schema.stage"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stage", "code"), name="schema_stageitem_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")),
                        name="schema_stageitem_code",
                    ),
                ],
            },
        ),
    ]
