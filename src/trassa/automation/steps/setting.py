"""The step that gives fields of the record values."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.actions.running import type_of, write_for
from trassa.automation.checking import Checking
from trassa.automation.steps.values import compute_values
from trassa.automation.triggers import field_label
from trassa.automation.types import Flight, Settings, StepKind
from trassa.records.types import Change, Write
from trassa.schema.types import TypeSpec


class SetFields(Settings):
    """Fields by code with what they get."""

    fields: Mapping[str, Any]


def check(settings: SetFields, checking: Checking) -> SetFields:
    if not settings.fields:
        checking.fault(_("Name a field."))
    with checking.at("fields"):
        return SetFields(fields=checking.values(checking.spec, settings.fields))


def in_words(settings: SetFields, spec: TypeSpec) -> str:
    return _("Set: %s") % ", ".join(
        f"{field_label(spec, code)} {raw if str(raw).startswith('=') else f'= {raw}'}"
        for code, raw in settings.fields.items()
    )


def carry_out(settings: SetFields, flights: Sequence[Flight]) -> None:
    spec = type_of(flights[0].rule)
    values = compute_values(flights, settings.fields, spec)
    writes = [
        Write(Change.EDIT, spec.code, id=flight.record_id, fields=values[flight.record_id])
        for flight in flights
    ]
    write_for(flights, writes)
    for flight in flights:
        flight.tell(fields=[*settings.fields])


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    return _("Set: %s") % ", ".join(field_label(spec, code) for code in did["fields"])


KIND = StepKind(gettext_lazy("Set fields"), "pencil", SetFields, check, in_words, carry_out, told)
