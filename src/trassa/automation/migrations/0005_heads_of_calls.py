"""Calls carry heads of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("automation", "0004_delivery_log")]

    operations = [migrations.AddField("call", "headers", models.JSONField(default=dict))]
