"""Deadlines of stages: by which rules they were counted, and what of checklists is done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0012_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeadlineState",
            fields=[
                ("type_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("rules", models.TextField()),
            ],
            options={
                "db_table": "records_deadline_state",
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id", "item_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("item_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.anchor",
                    ),
                ),
            ],
            options={
                "db_table": "records_tick",
            },
        ),
    ]
