"""The table of distinct words, and notes of what is to be learned: first of all, every title there is."""

import django.contrib.postgres.indexes
from django.db import migrations, models

TITLES = """
    INSERT INTO records_fresh_text (text)
    SELECT string_agg(title, ' ') FROM records_record
    WHERE deleted_at IS NULL AND title <> '' GROUP BY id / 100
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_same_keys")]
    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[("word", models.TextField(primary_key=True, serialize=False))],
            options={
                "db_table": "records_word",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="records_word_parts", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FreshText",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
            ],
            options={"db_table": "records_fresh_text"},
        ),
        migrations.RunSQL(TITLES, migrations.RunSQL.noop),
    ]
