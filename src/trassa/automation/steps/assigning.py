"""The step that gives the record to somebody, as its owner or in a field that names a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.actions.running import type_of, write_for
from trassa.automation.checking import Checking
from trassa.automation.queries.choices import check_choice, choice_in_words
from trassa.automation.steps.people import Chosen, choose_people
from trassa.automation.triggers import field_label
from trassa.automation.types import Flight, StepKind
from trassa.people.queries import names_of
from trassa.records.types import Change, Write
from trassa.schema.types import TypeSpec


class Assign(Chosen):
    """Who, and what they become: the owner unless `into` names a field."""

    into: str = ""


def check(settings: Assign, checking: Checking) -> Assign:
    check_choice(settings.choice, checking)
    if settings.into:
        checking.person_field(settings.into)
    return settings


def in_words(settings: Assign, spec: TypeSpec) -> str:
    part = field_label(spec, settings.into or "owner")
    return _("%(part)s: %(who)s") % {"part": part, "who": choice_in_words(settings.choice, spec)}


def carry_out(settings: Assign, flights: Sequence[Flight]) -> None:
    spec = type_of(flights[0].rule)
    people = choose_people(settings, flights)
    writes = [
        Write(Change.EDIT, spec.code, id=flight.record_id, fields={settings.into: people[flight.record_id]})
        if settings.into
        else Write(Change.EDIT, spec.code, id=flight.record_id, owner=people[flight.record_id])
        for flight in flights
    ]
    write_for(flights, writes)
    for flight in flights:
        flight.tell(part=settings.into or "owner", person=people[flight.record_id])


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    names = names_of([did["person"]])
    return _("%(part)s: %(who)s") % {
        "part": field_label(spec, did["part"]),
        "who": names.get(did["person"], "?"),
    }


KIND = StepKind(gettext_lazy("Assign"), "user", Assign, check, in_words, carry_out, told)
