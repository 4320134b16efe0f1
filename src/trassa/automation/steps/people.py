"""How a step finds the person for a record: named, in a field, a head, of a role in turn or by load."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from django.db.models import Count
from django.utils.translation import gettext as _

from trassa.automation.actions.running import read_rows, type_of
from trassa.automation.checking import Checking
from trassa.automation.models import Turn
from trassa.automation.types import Flight, Settings
from trassa.kernel import Unavailable
from trassa.people.queries import find_person_by_login, get_role, head_of, list_holders, substitutes_of
from trassa.schema.types import Label, TypeSpec

How = Literal["person", "field", "head", "actor", "turn", "least_loaded"]


class Chosen(Settings):
    """Who: `person` by login; the one in a `field`; the owner's `head`; the `actor` who set the rule off; of
    a role the next in `turn`, or the `least_loaded` one. Who is away is passed over or stood in for.
    """

    how: How
    person: str = ""
    field: str = ""
    role: str = ""
    #: Only holders of the role in the record's department.
    same_department: bool = False


def check_choice(settings: Chosen, checking: Checking) -> None:
    """Whether everything named is there."""
    match settings.how:
        case "person" if not settings.person:
            checking.fault(_("Name a person."))
        case "field":
            field = checking.field_of(checking.spec, settings.field)
            if field is not None and field.kind != "person":
                checking.fault(_("“%s” does not name a person.") % field.label)
        case "turn" | "least_loaded" if not settings.role:
            checking.fault(_("Name a role."))
    checking.person(settings.person)
    checking.role(settings.role)


def choice_in_words(settings: Chosen, spec: TypeSpec) -> str:
    match settings.how:
        case "person":
            person = find_person_by_login(settings.person)
            return str(person) if person else settings.person
        case "field":
            return (
                str(spec.by_code[settings.field].label) if settings.field in spec.by_code else settings.field
            )
        case "head":
            return _("the owner's head")
        case "actor":
            return _("who set it off")
    role = get_role(settings.role)
    label = str(Label(**role.label))
    pattern = _("in turn: %s") if settings.how == "turn" else _("with the least to do: %s")
    return pattern % label


def choose_people(settings: Chosen, flights: Sequence[Flight]) -> dict[int, int]:
    """Record → person. Raises Unavailable where nobody can be found."""
    spec = type_of(flights[0].rule) if flights else None
    if spec is None:
        return {}
    rows = read_rows(spec, [flight.record_id for flight in flights])
    if settings.how in ("turn", "least_loaded"):
        return from_role(settings, flights, spec, {id: row["department_id"] for id, row in rows.items()})
    found: dict[int, int | None] = {}
    for flight in flights:
        row = rows.get(flight.record_id, {})
        match settings.how:
            case "person":
                person = find_person_by_login(settings.person)
                found[flight.record_id] = person.id if person and person.is_active else None
            case "field":
                found[flight.record_id] = row.get(spec.by_code[settings.field].column)
            case "head":
                # Who has nobody above keeps the record.
                found[flight.record_id] = head_of(row.get("owner_id")) or row.get("owner_id")
            case "actor":
                found[flight.record_id] = flight.person_id
    away = substitutes_of({id for id in found.values() if id is not None})
    chosen = {id: away.get(person) or person for id, person in found.items() if person is not None}
    if len(chosen) < len(flights):
        raise Unavailable(_("There is nobody to give this to."), code="nobody")
    return chosen


def from_role(
    settings: Chosen, flights: Sequence[Flight], spec: TypeSpec, departments: dict[int, int | None]
) -> dict[int, int]:
    """Holders of a role who are here, one for each record."""
    holders = list_holders(get_role(settings.role).id)
    away = substitutes_of([person.id for person in holders])
    present = [person for person in holders if person.id not in away]
    loads = (
        open_records(spec, [person.id for person in present]) if settings.how == "least_loaded" else Counter()
    )
    chosen: dict[int, int] = {}
    for flight in flights:
        department = departments.get(flight.record_id)
        fitting = [
            person.id
            for person in present
            if not settings.same_department or person.department_id == department
        ]
        if not fitting:
            raise Unavailable(_("Nobody with this role is here."), code="nobody")
        if settings.how == "turn":
            chosen[flight.record_id] = take_turn(flight.rule.id, flight.instruction.place, sorted(fitting))
        else:
            least = min(fitting, key=lambda id: (loads[id], id))
            loads[least] += 1
            chosen[flight.record_id] = least
    return chosen


def open_records(spec: TypeSpec, ids: Sequence[int]) -> Counter[int]:
    """How many records of a type each has that are neither won nor lost."""
    closed = [stage.id for pipeline in spec.pipelines for stage in pipeline.stages if stage.meaning != "open"]
    rows = spec.model._default_manager.filter(owner_id__in=list(ids), deleted_at=None)
    counted = rows.exclude(stage_id__in=closed).values_list("owner_id").annotate(Count("id"))
    return Counter(dict(counted))


def take_turn(rule_id: int, step: str, ids: Sequence[int]) -> int:
    """Whose turn it is: the one behind the last. Others who ask at the same time wait."""
    Turn.objects.get_or_create(rule_id=rule_id, step=step)
    turn = Turn.objects.select_for_update().get(rule_id=rule_id, step=step)
    last = turn.person_id
    turn.person_id = next((id for id in ids if last is not None and id > last), ids[0])
    turn.save(update_fields=["person_id"])
    return turn.person_id
