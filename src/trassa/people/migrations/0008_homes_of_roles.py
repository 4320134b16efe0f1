"""Roles say with which blocks a home page begins."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_homes")]

    operations = [migrations.AddField("place", "home", models.JSONField(default=list))]
