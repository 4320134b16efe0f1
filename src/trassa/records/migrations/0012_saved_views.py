"""Saved filters become saved views: columns, grouping, ways of looking; shared with roles, opened first."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_retirement"),
        ("records", "0011_viewers"),
        ("schema", "0005_btree_gist"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("SavedFilter", "records_savedfilter_name_once"),
        migrations.RemoveConstraint("SavedFilter", "records_savedfilter_view"),
        migrations.RenameModel("SavedFilter", "SavedView"),
        migrations.AlterModelTable("SavedView", "records_savedview"),
        migrations.RenameField("SavedView", "view", "look"),
        migrations.AlterField(
            "SavedView",
            "look",
            models.CharField(
                choices=[
                    ("list", "List"),
                    ("compact", "Compact"),
                    ("board", "Board"),
                    ("calendar", "Calendar"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField("SavedView", "columns", models.JSONField(default=list)),
        migrations.AddField("SavedView", "group", models.JSONField(null=True)),
        migrations.AddField("SavedView", "day", models.JSONField(null=True)),
        migrations.AddConstraint(
            "SavedView",
            models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("person", "type", "pipeline", "name"),
                name="records_savedview_name_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "SavedView",
            models.CheckConstraint(
                condition=models.Q(("look__in", ["list", "compact", "board", "calendar"])),
                name="records_savedview_look",
            ),
        ),
        migrations.CreateModel(
            name="ViewRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.role"
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="records.savedview",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("view", "role"), name="records_viewrole_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ViewDefault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schema.pipeline",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.role",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schema.recordtype"
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="defaults",
                        to="records.savedview",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "role", "type", "pipeline"),
                        name="records_viewdefault_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("role__isnull", True)),
                            models.Q(("person__isnull", True), ("role__isnull", False)),
                            _connector="OR",
                        ),
                        name="records_viewdefault_of_one",
                    ),
                ],
            },
        ),
    ]
