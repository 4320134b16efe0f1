"""How people arrange their home page."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_handovers")]

    operations = [
        migrations.AddField(
            "person", "home", ArrayField(models.CharField(max_length=101), blank=True, default=list)
        )
    ]
