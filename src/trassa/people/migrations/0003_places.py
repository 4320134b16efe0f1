"""Places of roles, and what people choose for themselves."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_retirement")]

    operations = [
        migrations.AddField("person", "start_page", models.CharField(blank=True, default="", max_length=500)),
        migrations.AddField(
            "person",
            "pinned",
            ArrayField(models.CharField(max_length=100), blank=True, default=list),
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.CharField(blank=True, default="", max_length=500)),
                ("menu", models.JSONField(default=list)),
                ("hidden", models.JSONField(default=list)),
                ("labels", models.JSONField(default=dict)),
                ("position", models.IntegerField(default=0)),
                (
                    "role",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="place", to="people.role"
                    ),
                ),
            ],
        ),
    ]
