"""Links by which people set their passwords, and passwords that must be changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import trassa.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("people", "0003_places")]

    operations = [
        migrations.AddField("person", "must_change_password", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="PasswordLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField(default=trassa.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="password_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
