from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caller", models.TextField()),
                ("key", models.TextField()),
                ("request_hash", models.BinaryField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("response", models.BinaryField(null=True)),
                ("location", models.TextField(db_default="", default="")),
                ("created_at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="api_idempotencykey_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("caller", "key"), name="api_idempotencykey_once")
                ],
            },
        ),
    ]
