"""Bodies of calls are sealed: what they tell may be restricted in records."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from trassa.kernel import open_sealed, seal

PURPOSE = "automation.call_body"
CHUNK = 500


def rewrite(apps: Any, change: Callable[[str, str], str]) -> None:
    """Write the bodies of all calls anew."""
    call, after = apps.get_model("automation", "Call"), 0
    while rows := list(call.objects.filter(id__gt=after).order_by("id")[:CHUNK]):
        for row in rows:
            row.sealed_body = change(row.sealed_body, PURPOSE)
        call.objects.bulk_update(rows, ["sealed_body"])
        after = rows[-1].id


def seal_bodies(apps: Any, editor: Any) -> None:
    rewrite(apps, seal)


def open_bodies(apps: Any, editor: Any) -> None:
    rewrite(apps, open_sealed)


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0006_sweeps"),
    ]

    operations = [
        migrations.RenameField(model_name="call", old_name="body", new_name="sealed_body"),
        migrations.RunPython(seal_bodies, open_bodies),
    ]
