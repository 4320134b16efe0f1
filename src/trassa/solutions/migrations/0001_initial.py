"""Installed packs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="InstalledPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49, unique=True)),
                ("version", models.CharField(max_length=40)),
                ("label", models.JSONField()),
                ("content", models.JSONField()),
                ("applied_at", models.DateTimeField()),
                ("applied_by_id", models.BigIntegerField(null=True)),
                ("demo_loaded_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["applied_at", "id"]},
        ),
    ]
