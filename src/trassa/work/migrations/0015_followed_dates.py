"""Due moments follow dates of records."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0014_task_templates"),
    ]

    operations = [
        migrations.AddField("task", "due_field_id", models.BigIntegerField(null=True)),
        migrations.AddField("task", "due_offset", models.TextField(default="")),
        migrations.AddField("task", "due_follows", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "task",
            models.CheckConstraint(
                name="work_task_follows_a_date",
                condition=models.Q(due_follows=False)
                | models.Q(due_field_id__isnull=False, record__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                name="work_task_follows",
                fields=["record"],
                condition=models.Q(state="open", due_follows=True),
            ),
        ),
    ]
