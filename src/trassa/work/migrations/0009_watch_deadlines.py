"""Deadlines of tasks that are there already get their timers: jobs behind the outbox set them."""

from django.db import migrations

ANNOUNCE = """
    INSERT INTO journal_outbox (event, payload)
    SELECT 'work.tasks_changed', jsonb_build_object('items', jsonb_agg(item))
    FROM (
        SELECT id / 1000 AS part, jsonb_build_object(
            'task', id, 'version', version, 'change', 'followed', 'holders', '[]'::jsonb
        ) AS item
        FROM work_task WHERE state = 'open' AND due_at > now()
    ) AS tasks
    GROUP BY part
"""


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0008_repetition"),
        ("journal", "0001_initial"),
    ]

    operations = [migrations.RunSQL(ANNOUNCE, migrations.RunSQL.noop)]
