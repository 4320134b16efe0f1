"""By which rules the documents of each type were made; with none known they are made anew by a job."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0007_search_words")]
    operations = [
        migrations.CreateModel(
            name="SearchState",
            fields=[
                ("type_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("rules", models.TextField()),
            ],
            options={"db_table": "records_search_state"},
        ),
    ]
