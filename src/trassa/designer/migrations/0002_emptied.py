"""What becomes of values that do not fit another kind is part of a draft."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("designer", "0001_initial")]

    operations = [
        migrations.AddField(model_name="draft", name="emptied", field=models.JSONField(default=list)),
    ]
