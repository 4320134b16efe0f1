"""Timers that wait."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Timer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("purpose", models.TextField()),
                ("subject", models.TextField()),
                ("payload", models.JSONField(default=dict)),
                ("record_id", models.BigIntegerField(null=True)),
                ("anchor", models.TextField(default="")),
                ("anchor_type_id", models.BigIntegerField(null=True)),
                ("offset", models.TextField(default="")),
                ("person_id", models.BigIntegerField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("wake_at", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("error", models.TextField(default="")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "automation_timer",
                "indexes": [
                    models.Index(fields=["wake_at"], name="automation_timer_wake"),
                    models.Index(
                        condition=models.Q(("record_id__isnull", False)),
                        fields=["record_id"],
                        name="automation_timer_record",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0)), fields=["id"], name="automation_timer_failed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("purpose", "subject"), name="automation_timer_key")
                ],
            },
        ),
    ]
