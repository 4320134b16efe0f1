"""Bodies of what came in are sealed like those of calls: others tell us what only few of us may see."""

import json
from collections.abc import Callable
from typing import Any

from django.db import migrations, models

from trassa.kernel import open_sealed, seal

PURPOSE = "automation.arrival_body"
CHUNK = 500


def rewrite(apps: Any, change: Callable[[Any], None], name: str) -> None:
    """Write the bodies of everything that came in anew."""
    arrival, after = apps.get_model("automation", "Arrival"), 0
    while rows := list(arrival.objects.filter(id__gt=after).order_by("id")[:CHUNK]):
        for row in rows:
            change(row)
        arrival.objects.bulk_update(rows, [name])
        after = rows[-1].id


def seal_body(row: Any) -> None:
    row.sealed_body = seal(json.dumps(row.body, ensure_ascii=False), PURPOSE)


def open_body(row: Any) -> None:
    row.body = json.loads(open_sealed(row.sealed_body, PURPOSE))


def seal_bodies(apps: Any, editor: Any) -> None:
    rewrite(apps, seal_body, "sealed_body")


def open_bodies(apps: Any, editor: Any) -> None:
    rewrite(apps, open_body, "body")


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0007_sealed_bodies"),
    ]

    operations = [
        migrations.AddField("arrival", "sealed_body", models.TextField(default=""), preserve_default=False),
        migrations.AlterField("arrival", "body", models.JSONField(null=True)),
        migrations.RunPython(seal_bodies, open_bodies),
        migrations.RemoveField("arrival", "body"),
    ]
