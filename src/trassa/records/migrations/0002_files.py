"""Files and their contents."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Content",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("stored_at", models.DateTimeField()),
                ("width", models.IntegerField(null=True)),
                ("height", models.IntegerField(null=True)),
                (
                    "preview",
                    models.CharField(
                        choices=[("none", "None"), ("due", "Due"), ("made", "Made"), ("failed", "Failed")],
                        default="none",
                        max_length=6,
                    ),
                ),
                (
                    "large",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.content",
                    ),
                ),
                (
                    "thumbnail",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.content",
                    ),
                ),
            ],
            options={
                "db_table": "records_content",
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("type", models.CharField(max_length=100)),
                ("uploaded_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("field_id", models.BigIntegerField(null=True)),
                ("kind_id", models.BigIntegerField(null=True)),
                ("position", models.IntegerField(default=0)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "content",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.content"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.anchor",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "records_file",
            },
        ),
        migrations.AddIndex(
            model_name="content",
            index=models.Index(fields=["stored_at"], name="records_content_stored"),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                condition=models.Q(("record__isnull", False)),
                fields=["record", "field_id", "position"],
                name="records_file_record",
            ),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                condition=models.Q(("field_id__isnull", False)),
                fields=["field_id", "record"],
                name="records_file_field",
            ),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False)),
                fields=["expires_at"],
                name="records_file_expires",
            ),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)),
                fields=["removed_at"],
                name="records_file_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_at__isnull", True), ("record__isnull", False)),
                    models.Q(
                        ("expires_at__isnull", False), ("field_id__isnull", True), ("record__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="records_file_attached_or_expiring",
            ),
        ),
    ]
