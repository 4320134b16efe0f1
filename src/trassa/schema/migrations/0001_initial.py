"""Types, fields, pipelines, layouts, generations; the number sequence and the writers' pin."""

import django.db.models.deletion
from django.db import migrations, models

SEQUENCE = "CREATE SEQUENCE schema_generation_seq AS bigint"
DROP_SEQUENCE = "DROP SEQUENCE schema_generation_seq"

# The lock first, then the number: in plpgsql the second statement sees what was committed while the
# first one waited. The key is that of trassa.schema.actions.changes.LOCK_KEY.
PIN = """
CREATE FUNCTION schema_pin() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7110001);
    RETURN coalesce((SELECT number FROM schema_schemastate WHERE id = 1), 0);
END
$$
"""
DROP_PIN = "DROP FUNCTION schema_pin()"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Field",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49)),
                ("kind", models.CharField(max_length=40)),
                ("label", models.JSONField()),
                ("help", models.JSONField()),
                ("required", models.BooleanField(default=False)),
                ("unique", models.BooleanField(default=False)),
                ("read_only", models.BooleanField(default=False)),
                ("restricted", models.BooleanField(default=False)),
                ("sortable", models.BooleanField(default=False)),
                ("default", models.JSONField(null=True)),
                ("settings", models.JSONField(default=dict)),
                ("position", models.IntegerField(default=0)),
                ("finishing", models.BooleanField(default=False)),
                ("problem", models.TextField(blank=True, default="")),
                ("retired_at", models.DateTimeField(null=True)),
                ("doomed_in", models.BigIntegerField(null=True)),
                ("doomed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GenerationLease",
            fields=[
                ("process", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="GenerationLog",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("cause", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="RecordType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49, unique=True)),
                ("label", models.JSONField()),
                ("plural", models.JSONField()),
                ("icon", models.CharField(default="file", max_length=40)),
                ("menu", models.JSONField()),
                ("title_template", models.TextField(blank=True, default="")),
                ("number_prefix", models.CharField(blank=True, default="", max_length=20)),
                ("number_width", models.PositiveSmallIntegerField(default=5)),
                ("position", models.IntegerField(default=0)),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")),
                        name="schema_recordtype_code",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pipeline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49, unique=True)),
                ("label", models.JSONField()),
                ("position", models.IntegerField(default=0)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pipelines",
                        to="schema.recordtype",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Layout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("card", models.JSONField(default=list)),
                ("list_columns", models.JSONField(default=list)),
                ("board_subtitle", models.JSONField(default=list)),
                (
                    "board_sum",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schema.field",
                    ),
                ),
                (
                    "type",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="layout",
                        to="schema.recordtype",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="field",
            name="target",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schema.recordtype",
            ),
        ),
        migrations.AddField(
            model_name="field",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="fields", to="schema.recordtype"
            ),
        ),
        migrations.CreateModel(
            name="SchemaState",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="schema_schemastate_single")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49)),
                ("label", models.JSONField()),
                ("color", models.CharField(blank=True, default="", max_length=7)),
                (
                    "meaning",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=4,
                    ),
                ),
                ("position", models.IntegerField(default=0)),
                ("reason_required", models.BooleanField(default=False)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="schema.pipeline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StageRequirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schema.field"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirements",
                        to="schema.stage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StageTransition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "next_stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schema.stage"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transitions",
                        to="schema.stage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49)),
                ("label", models.JSONField()),
                ("color", models.CharField(blank=True, default="", max_length=7)),
                ("position", models.IntegerField(default=0)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="options", to="schema.field"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("field", "code"), name="schema_option_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")),
                        name="schema_option_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=49)),
                ("label", models.JSONField()),
                ("position", models.IntegerField(default=0)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reasons",
                        to="schema.pipeline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pipeline", "code"), name="schema_reason_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")),
                        name="schema_reason_code",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="pipeline",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")), name="schema_pipeline_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.UniqueConstraint(
                condition=models.Q(("doomed_in__isnull", True)),
                fields=("type", "code"),
                name="schema_field_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")), name="schema_field_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("doomed_in__isnull", True), ("retired_at__isnull", False), _connector="OR"
                ),
                name="schema_field_doomed_is_retired",
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(fields=("pipeline", "code"), name="schema_stage_code_once"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(fields=("id", "pipeline"), name="schema_stage_of_pipeline"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,48}$")), name="schema_stage_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(("meaning__in", ["open", "won", "lost"])), name="schema_stage_meaning"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagerequirement",
            constraint=models.UniqueConstraint(
                fields=("stage", "field"), name="schema_stagerequirement_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagetransition",
            constraint=models.UniqueConstraint(
                fields=("stage", "next_stage"), name="schema_stagetransition_once"
            ),
        ),
        migrations.RunSQL(SEQUENCE, DROP_SEQUENCE),
        migrations.RunSQL(PIN, DROP_PIN),
    ]
