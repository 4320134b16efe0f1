"""Records whose formulas look at what has changed, left to be counted."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0018_formulas"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type_id", models.BigIntegerField()),
                (
                    "field_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField()),
                ("cause", models.JSONField()),
                ("quiet", models.BooleanField()),
            ],
            options={
                "db_table": "records_recount",
            },
        ),
    ]
