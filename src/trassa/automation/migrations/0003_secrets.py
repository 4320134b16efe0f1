"""Secrets of web hooks are sealed and named by codes; addresses that listen are kept as digests."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import django.db.models.functions.datetime
from django.db import migrations, models

from trassa.journal import Stream, erase
from trassa.kernel import now, open_sealed, seal

PURPOSE = "automation.secret"


def calls_of(steps: Any) -> Iterator[dict[str, Any]]:
    """Settings of the calling steps of a definition, those inside branches too."""
    for step in steps or ():
        for kind, given in step.items():
            if kind == "call":
                yield given
            if kind == "branch":
                yield from calls_of(given.get("then"))
                yield from calls_of(given.get("otherwise"))


def code_for(value: str, rule: str, codes: dict[str, str]) -> str:
    """The code of a secret; of one that is met for the first time it is that of its rule."""
    if value not in codes:
        same = sum(code == rule or code.startswith(f"{rule}_") for code in codes.values())
        codes[value] = f"{rule}_{same + 1}" if same else rule
    return codes[value]


def name_secrets(row: Any, rule: str, codes: dict[str, str]) -> None:
    for call in calls_of(row.definition["steps"]):
        if call.get("secret"):
            call["secret"] = code_for(call["secret"], rule, codes)
    row.save(update_fields=["definition"])


def seal_secrets(apps: Any, editor: Any) -> None:
    codes: dict[str, str] = {}
    for row in apps.get_model("automation", "Rule").objects.order_by("id"):
        name_secrets(row, row.code, codes)
        if row.secret:
            row.address_digest, row.address_set_at = hashlib.sha256(row.secret.encode()).hexdigest(), now()
            row.save(update_fields=["address_digest", "address_set_at"])
    for row in apps.get_model("automation", "RuleVersion").objects.select_related("rule").order_by("id"):
        name_secrets(row, row.rule.code, codes)
    for row in apps.get_model("automation", "Call").objects.exclude(secret="").select_related("rule"):
        row.secret = code_for(row.secret, row.rule.code, codes)
        row.save(update_fields=["secret"])
    secret = apps.get_model("automation", "Secret")
    secret.objects.bulk_create(
        [secret(code=code, sealed=seal(value, PURPOSE)) for value, code in codes.items()]
    )
    forget_in_history(editor, list(codes))
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def forget_in_history(editor: Any, values: list[str]) -> None:
    """Take definitions with secrets in clear out of history; the chain stays whole."""
    quoted = [json.dumps(value) for value in values] + [json.dumps(v, ensure_ascii=False) for v in values]
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT stream_id, seq, changes FROM journal_entry WHERE stream_kind = 'rule'")
        found = [(id, seq) for id, seq, text in cursor.fetchall() if any(each in text for each in quoted)]
    for id, seq in found:
        erase(Stream("rule", id), seq, ["definition"], actor_id=None)


def open_secrets(apps: Any, editor: Any) -> None:
    """The way back: definitions carry their secrets again; addresses have to be made anew."""
    secret = apps.get_model("automation", "Secret")
    values = {row.code: open_sealed(row.sealed, PURPOSE) for row in secret.objects.all()}
    for model in ("Rule", "RuleVersion"):
        for row in apps.get_model("automation", model).objects.all():
            for call in calls_of(row.definition["steps"]):
                if call.get("secret"):
                    call["secret"] = values.get(call["secret"], "")
            row.save(update_fields=["definition"])
    for row in apps.get_model("automation", "Call").objects.exclude(secret=""):
        row.secret = values.get(row.secret, "")
        row.save(update_fields=["secret"])
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0002_rules"),
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Secret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField(unique=True)),
                ("sealed", models.TextField()),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("set_by_id", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "automation_secret"},
        ),
        migrations.AddField("rule", "address_digest", models.TextField(default="")),
        migrations.AddField("rule", "address_set_at", models.DateTimeField(null=True)),
        migrations.RunPython(seal_secrets, open_secrets),
        migrations.RemoveConstraint("rule", "automation_rule_secret"),
        migrations.RemoveField("rule", "secret"),
        migrations.AddConstraint(
            "rule",
            models.UniqueConstraint(
                name="automation_rule_address",
                fields=["address_digest"],
                condition=~models.Q(address_digest=""),
            ),
        ),
    ]
