"""Templates of tasks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0013_mailboxes"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField(unique=True)),
                ("label", models.JSONField()),
                ("type_id", models.BigIntegerField(null=True)),
                ("definition", models.JSONField()),
                ("position", models.IntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "work_task_template"},
        ),
    ]
