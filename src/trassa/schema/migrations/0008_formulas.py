"""Fields may be worked out by a formula."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schema", "0007_deadlines"),
    ]

    operations = [
        migrations.AddField(
            model_name="field",
            name="formula",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="field",
            name="formula_open",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="field",
            name="frozen_when",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="field",
            name="keeps_history",
            field=models.BooleanField(default=False),
        ),
    ]
