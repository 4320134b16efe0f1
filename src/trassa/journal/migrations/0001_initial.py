"""Tables of history and outbox, the function that appends, the triggers that keep history append-only."""

import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

# Locks, numbers and chains entries in the order given. The hash is that of trassa.journal.canonical:
# `opening` and `closing` are the canonical JSON around the number of the entry.
APPEND = """
CREATE FUNCTION journal_append(actor bigint, because jsonb, entries jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    entry record;
    head journal_head;
BEGIN
    FOR entry IN
        SELECT * FROM jsonb_to_recordset(entries) AS rows (
            stream_kind text, stream_id bigint, kind text, at timestamptz, changes jsonb, salt text,
            opening text, closing text
        )
    LOOP
        INSERT INTO journal_head AS known (stream_kind, stream_id, seq, hash)
        VALUES (
            entry.stream_kind, entry.stream_id, 1,
            sha256(decode(repeat('00', 32), 'hex') || convert_to(entry.opening || 1 || entry.closing, 'UTF8'))
        )
        ON CONFLICT (stream_kind, stream_id) DO UPDATE SET
            seq = known.seq + 1,
            hash = sha256(
                known.hash || convert_to(entry.opening || (known.seq + 1) || entry.closing, 'UTF8')
            )
        RETURNING * INTO head;
        INSERT INTO journal_entry
            (stream_kind, stream_id, seq, kind, at, actor_id, cause, changes, salt, hash)
        VALUES (
            entry.stream_kind, entry.stream_id, head.seq, entry.kind, entry.at, actor, because,
            entry.changes, decode(entry.salt, 'hex'), head.hash
        );
    END LOOP;
END;
$$;
"""

# Entries change only while erasing, and then only their values; checkpoints never.
APPEND_ONLY = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'journal_entry'
        AND current_setting('trassa.journal_erase', true) = 'on'
    THEN
        IF (to_jsonb(new) - ARRAY['changes', 'salt', 'erased'])
            = (to_jsonb(old) - ARRAY['changes', 'salt', 'erased'])
        THEN
            RETURN new;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_checkpoint_append_only BEFORE UPDATE OR DELETE ON journal_checkpoint
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_checkpoint_head_append_only BEFORE UPDATE OR DELETE ON journal_checkpoint_head
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""

# Room for updates in place of the heads; the outbox is a queue: vacuum it early, never give back its end
# (that takes an exclusive lock).
STORAGE = """
ALTER TABLE journal_head SET (fillfactor = 90);
ALTER TABLE journal_outbox SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000,
    vacuum_truncate = off
);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("horizon", models.DateTimeField()),
                ("heads", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "journal_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="JournalHead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "stream_kind",
                        "stream_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("stream_kind", models.TextField(db_collation="C")),
                ("stream_id", models.BigIntegerField()),
                ("seq", models.IntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "journal_head",
            },
        ),
        migrations.CreateModel(
            name="CheckpointHead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "stream_kind",
                        "stream_id",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("stream_kind", models.TextField(db_collation="C")),
                ("stream_id", models.BigIntegerField()),
                ("seq", models.IntegerField()),
                ("checkpoint", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "journal_checkpoint_head",
                "indexes": [
                    models.Index(
                        fields=["checkpoint", "stream_kind", "stream_id"], name="journal_checkpoint_heads"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "stream_kind",
                        "stream_id",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("stream_kind", models.TextField(db_collation="C")),
                ("stream_id", models.BigIntegerField()),
                ("seq", models.IntegerField()),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor_id", models.BigIntegerField(null=True)),
                ("cause", models.JSONField()),
                ("changes", models.JSONField()),
                ("salt", models.BinaryField(null=True)),
                ("erased", models.JSONField(null=True)),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "journal_entry",
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["recorded_at"], name="journal_entry_recorded"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event", models.TextField()),
                ("payload", models.JSONField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("subscriber", models.TextField(null=True)),
                ("attempts", models.IntegerField(db_default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("error", models.TextField(db_default="")),
            ],
            options={
                "db_table": "journal_outbox",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_attempt_at__isnull", True)),
                        fields=["id"],
                        name="journal_outbox_fresh",
                    ),
                    models.Index(
                        condition=models.Q(("next_attempt_at__isnull", False)),
                        fields=["next_attempt_at"],
                        name="journal_outbox_parked",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND, "DROP FUNCTION journal_append(bigint, jsonb, jsonb)", elidable=False),
        migrations.RunSQL(
            APPEND_ONLY,
            """
            DROP TRIGGER journal_entry_append_only ON journal_entry;
            DROP TRIGGER journal_checkpoint_append_only ON journal_checkpoint;
            DROP TRIGGER journal_checkpoint_head_append_only ON journal_checkpoint_head;
            DROP FUNCTION journal_refuse_change();
            """,
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
