"""Secrets that stood in rules of packs are named by their codes in what was applied, too."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

from trassa.kernel import open_sealed

PURPOSE = "automation.secret"


def calls_of(steps: Any) -> Iterator[dict[str, Any]]:
    """Settings of the calling steps of a rule, those inside branches too."""
    for step in steps or ():
        for kind, given in step.items():
            if kind == "call":
                yield given
            if kind == "branch":
                yield from calls_of(given.get("then"))
                yield from calls_of(given.get("otherwise"))


def name_in(content: Any, codes: dict[str, str]) -> bool:
    """Put codes in place of secrets; whether there were any."""
    changed = False
    for rule in (content or {}).get("rules") or ():
        for call in calls_of(rule.get("steps")):
            if call.get("secret") and call["secret"] not in codes.values():
                call["secret"] = codes.get(call["secret"], rule["code"])
                changed = True
    return changed


def name_secrets(apps: Any, editor: Any) -> None:
    sealed = apps.get_model("automation", "Secret").objects.all()
    codes = {open_sealed(row.sealed, PURPOSE): row.code for row in sealed}
    for model, names in (("InstalledPack", ("content",)), ("AppliedVersion", ("content", "before", "after"))):
        for row in apps.get_model("solutions", model).objects.all():
            found = [name for name in names if name_in(getattr(row, name), codes)]
            if found:
                row.save(update_fields=found)


class Migration(migrations.Migration):
    dependencies = [
        ("solutions", "0002_applied_versions"),
        ("automation", "0003_secrets"),
    ]

    operations = [migrations.RunPython(name_secrets, migrations.RunPython.noop)]
