"""Cards have tabs: the sections of a card so far become those of its one tab."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_tabs(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for layout in apps.get_model("schema", "Layout").objects.exclude(card=[]):
        sections: list[dict[str, Any]] = [section | {"columns": 2} for section in layout.card]
        layout.card = [{"code": "main", "label": {}, "sections": sections}]
        layout.save(update_fields=["card"])


def remove_tabs(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for layout in apps.get_model("schema", "Layout").objects.exclude(card=[]):
        sections = [section for tab in layout.card for section in tab["sections"]]
        layout.card = [{key: each[key] for key in each if key != "columns"} for each in sections]
        layout.save(update_fields=["card"])


class Migration(migrations.Migration):
    dependencies = [("schema", "0003_conditions")]

    operations = [migrations.RunPython(add_tabs, remove_tabs)]
