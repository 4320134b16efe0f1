"""Imports and the fate of their lines."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("schema", "0004_card_tabs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("file_id", models.BigIntegerField(null=True)),
                ("file_name", models.TextField()),
                ("file_type", models.TextField()),
                ("file_size", models.BigIntegerField()),
                ("sheets", models.JSONField(default=list)),
                ("source", models.JSONField(default=dict)),
                ("sample", models.JSONField(default=list)),
                ("columns", models.JSONField(default=list)),
                ("options", models.JSONField(default=dict)),
                ("headings", models.CharField(default="", max_length=64)),
                ("state", models.CharField(default="new", max_length=10)),
                ("cursor", models.IntegerField(default=0)),
                ("share", models.FloatField(default=0)),
                ("created", models.IntegerField(default=0)),
                ("updated", models.IntegerField(default=0)),
                ("duplicates", models.IntegerField(default=0)),
                ("rejected", models.IntegerField(default=0)),
                ("undecided", models.IntegerField(default=0)),
                ("returned", models.IntegerField(default=0)),
                ("kept", models.IntegerField(default=0)),
                ("error", models.TextField(default="")),
                ("attempts", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("touched_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schema.recordtype",
                    ),
                ),
            ],
            options={
                "db_table": "imports_run",
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "line", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line", models.IntegerField()),
                ("fate", models.CharField(max_length=9)),
                ("record_id", models.BigIntegerField(null=True)),
                ("version", models.IntegerField(null=True)),
                ("reasons", models.JSONField(null=True)),
                ("cells", models.JSONField(null=True)),
                ("candidates", models.JSONField(null=True)),
                ("decision", models.CharField(default="", max_length=9)),
                ("returned", models.CharField(default="", max_length=8)),
                ("kept_because", models.TextField(default="")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="imports.run",
                    ),
                ),
            ],
            options={
                "db_table": "imports_outcome",
            },
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["person", "-id"], name="imports_run_mine"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["type", "headings", "-id"], name="imports_run_headings"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "new",
                            "checking",
                            "checked",
                            "importing",
                            "deciding",
                            "done",
                            "cancelled",
                            "failed",
                            "undoing",
                            "undone",
                        ],
                    )
                ),
                name="imports_run_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(fields=["run", "record_id"], name="imports_outcome_record"),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fate__in", ["created", "updated", "duplicate", "rejected", "undecided"])
                ),
                name="imports_outcome_fate_known",
            ),
        ),
    ]
