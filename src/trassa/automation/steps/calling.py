"""The step that tells another system: the call is noted with the write and made by a job afterwards."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.actions.running import read_rows, type_of
from trassa.automation.checking import SECRET_CODE, Checking
from trassa.automation.events import CALLS_DUE
from trassa.automation.models import Call
from trassa.automation.queries.deliveries import BODY
from trassa.automation.queries.values import json_values
from trassa.automation.types import Flight, Settings, StepKind
from trassa.journal import publish
from trassa.kernel import now, seal
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


class CallOut(Settings):
    """Where to, what is told of the record, and the code of the secret that signs it.

    “{code}” in the address and in `headers` stands for the value of a secret.
    """

    url: str
    fields: tuple[str, ...] = ()
    secret: str = ""
    headers: Mapping[str, str] = {}


#: Names that heads of calls have anyway, or that belong to the connection.
OWN_HEADS = ("content-type", "content-length", "user-agent", "host", "connection", "transfer-encoding")
_HEAD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")


def check(settings: CallOut, checking: Checking) -> CallOut:
    parts = urlsplit(settings.url)
    is_named = bool(parts.hostname) and "{" not in parts.netloc
    if parts.scheme not in ("https", "http") or not is_named or parts.username:
        checking.fault(_("Give an address that begins with https://."))
    for code in settings.fields:
        checking.field_of(checking.spec, code)
    if settings.secret and not SECRET_CODE.fullmatch(settings.secret):
        checking.fault(_("Name the secret by its code: its value is set in the installation."))
    with checking.at("headers"):
        check_headers(settings.headers, checking)
    return settings


def check_headers(headers: Mapping[str, str], checking: Checking) -> None:
    """Whether names and values can stand in the head of a request."""
    for name, value in headers.items():
        low = name.lower()
        if not _HEAD_NAME.fullmatch(name) or low in OWN_HEADS or low.startswith("x-trassa-"):
            checking.fault(_("“%s” cannot be set here.") % name)
        elif not value.isascii() or not value.isprintable() or len(value) > 500:
            checking.fault(_("“%s”: Latin letters, digits and signs, 500 characters at most.") % name)


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
                sealed_body=seal(json.dumps(body, ensure_ascii=False), BODY),
                secret=settings.secret,
                headers=dict(settings.headers),
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
