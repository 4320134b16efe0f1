"""An index that tells the records of one key in their order, so that of very many a few are read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0005_exports")]
    operations = [
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                fields=["type_id", "value", "record_id"], include=["field_id"], name="records_key_same"
            ),
        ),
        migrations.RemoveIndex(model_name="searchkey", name="records_key_value"),
    ]
