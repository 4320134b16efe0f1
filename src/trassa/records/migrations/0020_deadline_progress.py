"""How far the deadlines of stages have been counted anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0019_recounts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="deadlinestate",
            name="rules",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="deadlinestate",
            name="pending",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="deadlinestate",
            name="after_id",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="deadlinestate",
            name="done",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="deadlinestate",
            name="total",
            field=models.BigIntegerField(default=0),
        ),
    ]
