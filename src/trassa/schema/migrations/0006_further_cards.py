"""Further layouts of a card, for roles and stages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schema", "0005_btree_gist")]

    operations = [
        migrations.AddField("layout", "cards", models.JSONField(default=list)),
    ]
