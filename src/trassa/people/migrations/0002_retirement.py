"""Roles and departments can be taken out of use, and come back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("department", "retired_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("role", "retired_at", models.DateTimeField(blank=True, null=True)),
    ]
