"""Who is meant by a step: checked, in words, and found for many records with as many queries as for one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from trassa.automation.checking import Checking
from trassa.automation.types import Choice, Flight
from trassa.kernel import Unavailable
from trassa.people.queries import (
    find_department,
    find_person_by_login,
    find_role,
    heads_of,
    people_by_ids,
    substitutes_of,
)
from trassa.schema.types import Label, TypeSpec

Rows = Mapping[int, Mapping[str, Any]]


def check_choice(choice: Choice, checking: Checking) -> None:
    """Whether everything that is needed is named, and everything named is there."""
    match choice.how:
        case "person" if not choice.person:
            checking.fault(_("Name a person."))
        case "field":
            checking.person_field(choice.field)
        case "head" if choice.field:
            checking.person_field(choice.field)
        case "role" | "turn" | "least_loaded" if not choice.role:
            checking.fault(_("Name a role."))
        case "department" if not choice.department:
            checking.fault(_("Name a department."))
    checking.person(choice.person)
    checking.role(choice.role)
    checking.department(choice.department)


def choice_in_words(choice: Choice, spec: TypeSpec) -> str:
    """“руководитель ответственного”, “по очереди: Продавец”."""
    match choice.how:
        case "person":
            words = str(find_person_by_login(choice.person) or choice.person)
        case "field":
            words = field_in_words(choice, spec)
        case "head" if choice.field in spec.by_code:
            words = _("the head of “%s”") % field_in_words(choice, spec)
        case "department":
            words = str(find_department(choice.department) or choice.department)
        case "role":
            words = role_in_words(choice)
        case "turn":
            words = _("in turn: %s") % role_in_words(choice)
        case "least_loaded":
            words = _("with the least to do: %s") % role_in_words(choice)
        case how:
            said = {"head": _("the owner's head"), "actor": _("who set it off"), "owner": _("the owner")}
            words = said[how]
    return words


def field_in_words(choice: Choice, spec: TypeSpec) -> str:
    field = spec.by_code.get(choice.field)
    return str(field.label) if field else choice.field


def role_in_words(choice: Choice) -> str:
    role = find_role(choice.role)
    return str(Label(**role.label)) if role else choice.role


def find_meant(
    choice: Choice, spec: TypeSpec, rows: Rows, flights: Sequence[Flight]
) -> dict[int, int | None]:
    """Record → the one person who is meant, whether they are here or not; None where there is nobody.

    A choice of many people has nobody here.
    """
    ids = [flight.record_id for flight in flights]
    owners: dict[int, int | None] = {id: rows.get(id, {}).get("owner_id") for id in ids}
    column = spec.by_code[choice.field].column if choice.field in spec.by_code else "owner_id"
    named: dict[int, int | None] = {id: rows.get(id, {}).get(column) for id in ids}
    match choice.how:
        case "owner":
            return owners
        case "person":
            person = find_person_by_login(choice.person)
            return dict.fromkeys(ids, person.id if person else None)
        case "field":
            return named if choice.field in spec.by_code else dict.fromkeys(ids)
        case "head":
            heads = heads_of({id for id in named.values() if id is not None})
            # Who has nobody above keeps the record.
            return {id: heads.get(below or 0, below) for id, below in named.items()}
        case "actor":
            return {flight.record_id: flight.person_id or owners[flight.record_id] for flight in flights}
    return dict.fromkeys(ids)


def present(meant: Mapping[int, int | None]) -> dict[int, int]:
    """Record → who is meant, or stands in for them while they are away.

    Raises Unavailable where neither is here.
    """
    wanted = {id for id in meant.values() if id is not None}
    away = substitutes_of(wanted) if wanted else {}
    active = {person.id for person in people_by_ids(wanted)}
    found = {
        record: away.get(id) or id
        for record, id in meant.items()
        if id is not None and (id in active or away.get(id))
    }
    if len(found) < len(meant):
        raise nobody()
    return found


def nobody() -> Unavailable:
    return Unavailable(_("There is nobody to give this to."), code="nobody")
