"""Answers, mentions and reactions of comments; who watches a record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


def key(*columns: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*columns, blank=True, editable=False, primary_key=True, serialize=False)


def link(to: str, **given: object) -> models.ForeignKey:
    given = {"on_delete": django.db.models.deletion.CASCADE} | given
    return models.ForeignKey(related_name="+", to=to, **given)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0015_files_of_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "comment",
            "answers",
            link("records.comment", on_delete=django.db.models.deletion.SET_NULL, null=True, db_index=False),
        ),
        migrations.AddField(
            "comment",
            "thread",
            link("records.comment", on_delete=django.db.models.deletion.SET_NULL, null=True, db_index=False),
        ),
        migrations.AddIndex(
            "comment",
            models.Index(
                condition=Q(thread__isnull=False), fields=["thread", "id"], name="records_comment_thread"
            ),
        ),
        migrations.CreateModel(
            "Mention",
            fields=[
                ("pk", key("comment_id", "person_id")),
                ("word", models.CharField(max_length=64)),
                ("comment", link("records.comment", db_index=False)),
                ("person", link(settings.AUTH_USER_MODEL)),
            ],
            options={"db_table": "records_mention"},
        ),
        migrations.CreateModel(
            "Reaction",
            fields=[
                ("pk", key("comment_id", "person_id", "kind")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("agree", "I agree"),
                            ("disagree", "I disagree"),
                            ("done", "It is done"),
                            ("looking", "I am on it"),
                            ("thanks", "Thank you"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("comment", link("records.comment", db_index=False)),
                ("person", link(settings.AUTH_USER_MODEL, db_index=False)),
            ],
            options={"db_table": "records_reaction"},
        ),
        migrations.AddConstraint(
            "reaction",
            models.CheckConstraint(
                condition=Q(kind__in=["agree", "disagree", "done", "looking", "thanks"]),
                name="records_reaction_known",
            ),
        ),
        migrations.CreateModel(
            "Watch",
            fields=[
                ("pk", key("record_id", "person_id")),
                ("muted", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("person", link(settings.AUTH_USER_MODEL)),
                ("record", link("records.anchor", db_index=False)),
            ],
            options={"db_table": "records_watch"},
        ),
    ]
