"""How far formulas of stored records have been counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0017_merges_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormulaState",
            fields=[
                ("type_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("held", models.JSONField(default=dict)),
                ("pending", models.JSONField(default=dict)),
                ("after_id", models.BigIntegerField(default=0)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "records_formula_state",
            },
        ),
    ]
