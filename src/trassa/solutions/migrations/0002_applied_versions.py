"""Every apply of a pack is kept, with what it found and what it left."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def note_what_is_applied(apps: Any, schema_editor: Any) -> None:
    """What was applied before is version 1; nobody knows what it found, so the way back ends there."""
    version = apps.get_model("solutions", "AppliedVersion")
    for row in apps.get_model("solutions", "InstalledPack").objects.all():
        version.objects.create(
            pack=row,
            number=1,
            version=row.version,
            content=row.content,
            applied_at=row.applied_at,
            applied_by_id=row.applied_by_id,
        )


class Migration(migrations.Migration):
    dependencies = [("solutions", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="installedpack", name="requires", field=models.JSONField(default=list)
        ),
        migrations.CreateModel(
            name="AppliedVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="solutions.installedpack",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("version", models.CharField(max_length=40)),
                ("content", models.JSONField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("step_count", models.PositiveIntegerField(default=0)),
                ("applied_at", models.DateTimeField()),
                ("applied_by_id", models.BigIntegerField(null=True)),
                ("rolled_back_at", models.DateTimeField(null=True)),
                ("rolled_back_by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ["pack", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pack", "number"), name="solutions_applied_version_number"
                    )
                ],
            },
        ),
        migrations.RunPython(note_what_is_applied, migrations.RunPython.noop),
    ]
