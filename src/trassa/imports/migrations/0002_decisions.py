"""Which of several records a person says that a line means."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="outcome",
            name="chosen_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
