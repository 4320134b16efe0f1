"""The step that tells another system: the call is noted with the write and made by a job afterwards."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.actions.running import read_rows, type_of
from trassa.automation.checking import Checking
from trassa.automation.events import CALLS_DUE
from trassa.automation.models import Call
from trassa.automation.queries.values import json_values
from trassa.automation.types import Flight, Settings, StepKind
from trassa.journal import publish
from trassa.kernel import now
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


class CallOut(Settings):
    """Where to, what is told of the record, and the secret that signs it."""

    url: str
    fields: tuple[str, ...] = ()
    secret: str = ""


def check(settings: CallOut, checking: Checking) -> CallOut:
    parts = urlsplit(settings.url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        checking.fault(_("Give an address that begins with https://."))
    for code in settings.fields:
        checking.field_of(checking.spec, code)
    return settings


def in_words(settings: CallOut, spec: TypeSpec) -> str:
    return _("Call %s") % urlsplit(settings.url).hostname


def carry_out(settings: CallOut, flights: Sequence[Flight]) -> None:
    spec = type_of(flights[0].rule)
    rows = read_rows(spec, [flight.record_id for flight in flights])
    calls = []
    for flight in flights:
        if flight.record_id not in rows:
            continue
        key = uuid.uuid4()
        body = told_of(settings, spec, rows[flight.record_id], flight, str(key))
        calls.append(
            Call(
                key=key,
                run_id=flight.run_id or None,
                rule_id=flight.rule.id,
                record_id=flight.record_id,
                url=settings.url,
                body=json.dumps(body, ensure_ascii=False),
                secret=settings.secret,
            )
        )
        flight.tell(host=urlsplit(settings.url).hostname, key=str(key))
    made = Call.objects.bulk_create(calls)
    publish(CALLS_DUE, {"calls": [call.id for call in made]})


def told_of(
    settings: CallOut, spec: TypeSpec, row: Mapping[str, Any], flight: Flight, key: str
) -> dict[str, Any]:
    """The body of a call: what happened to which record, with its chosen fields."""
    stage = current_generation().stages_by_id.get(row["stage_id"] or 0)
    return {
        "id": key,
        "rule": flight.rule.code,
        "at": now().isoformat(),
        "record": {
            "type": spec.code,
            "id": row["id"],
            "number": spec.format_number(row["number"]) if row["number"] else "",
            "title": row["title"],
            "stage": stage.code if stage else None,
            "fields": json_values(spec, row["id"], settings.fields),
        },
    }


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    return _("Call %s") % str(did["host"])


KIND = StepKind(gettext_lazy("Web hook"), "link", CallOut, check, in_words, carry_out, told)
