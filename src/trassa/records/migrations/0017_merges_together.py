"""Merges that were made in one go know each other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0016_discussion")]

    operations = [
        migrations.AddField("merge", "together", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "merge",
            models.Index(
                fields=["together"],
                name="records_merge_together",
                condition=models.Q(together__isnull=False),
            ),
        ),
    ]
