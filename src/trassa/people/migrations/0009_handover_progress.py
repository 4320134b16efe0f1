from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_homes_of_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOverProgress",
            fields=[
                ("hand_over", models.BigIntegerField(primary_key=True, serialize=False)),
                ("done", models.IntegerField()),
            ],
            options={"db_table": "people_handover_progress"},
        ),
    ]
