"""The delivery log: calls and arrivals are found by time and state, and arrivals keep their heads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("automation", "0003_secrets")]

    operations = [
        migrations.AddField("arrival", "head", models.JSONField(default=list)),
        migrations.AddField("arrival", "done_at", models.DateTimeField(null=True)),
        migrations.AddIndex("call", models.Index(name="automation_call_at", fields=["created_at"])),
        migrations.AddIndex(
            "call",
            models.Index(
                name="automation_call_open",
                fields=["state", "-id"],
                condition=~models.Q(state="delivered"),
            ),
        ),
        migrations.AddIndex("arrival", models.Index(name="automation_arrival_rule", fields=["rule", "-id"])),
    ]
