"""Hand-overs of a person's work."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("people", "0005_calendars")]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "Ordered"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("undoing", "Undoing"),
                            ("undone", "Undone"),
                        ],
                        default="ordered",
                        max_length=7,
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("assignments", models.JSONField()),
                ("labels", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("undone", models.JSONField(default=dict)),
                ("problem", models.TextField(default="")),
                ("total", models.IntegerField()),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_handover",
                "indexes": [models.Index(fields=["-id"], name="people_handover_newest")],
            },
        ),
    ]
