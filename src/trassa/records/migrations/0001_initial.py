"""Anchors, participants and search tables; the one id sequence of all records."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("people", "0001_initial"), ("schema", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL("CREATE SEQUENCE records_id_seq AS bigint", "DROP SEQUENCE records_id_seq"),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("title", models.TextField(blank=True, default="")),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schema.recordtype",
                    ),
                ),
            ],
            options={"db_table": "records_record"},
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "type_id",
                        "record_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.anchor"
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schema.recordtype",
                    ),
                ),
            ],
            options={"db_table": "records_participant"},
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "field_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("field_id", models.BigIntegerField(default=0)),
                ("type_id", models.BigIntegerField()),
                ("pipeline_id", models.BigIntegerField(null=True)),
                ("stage_id", models.BigIntegerField(null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.anchor",
                    ),
                ),
            ],
            options={
                "db_table": "records_search",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="records_search_words"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "field_id",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("field_id", models.BigIntegerField()),
                ("type_id", models.BigIntegerField()),
                ("value", models.TextField()),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.anchor",
                    ),
                ),
            ],
            options={
                "db_table": "records_key",
                "indexes": [
                    models.Index(fields=["value", "type_id"], name="records_key_value"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["value"], name="records_key_parts", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
        # Moves change two narrow columns only: with room on the page they leave the GIN index alone.
        migrations.RunSQL(
            "ALTER TABLE records_search SET (fillfactor = 85)",
            "ALTER TABLE records_search RESET (fillfactor)",
        ),
    ]
