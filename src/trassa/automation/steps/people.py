"""The one person of steps that give records away: meant by a choice, or of a role in turn or by load."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from django.db.models import Count
from django.utils.translation import gettext as _

from trassa.automation.actions.running import read_rows, type_of
from trassa.automation.models import Turn
from trassa.automation.queries.choices import find_meant, present
from trassa.automation.types import Choice, Flight, Settings
from trassa.kernel import Unavailable
from trassa.people.queries import get_role, list_holders, people_by_ids, substitutes_of
from trassa.schema.types import TypeSpec


class Chosen(Settings):
    """One person. Who is away has a substitute; in a role they are passed over while somebody is here."""

    how: Literal["person", "field", "head", "actor", "turn", "least_loaded"]
    person: str = ""
    field: str = ""
    role: str = ""
    #: Only holders of the role in the record's department.
    same_department: bool = False

    needs = {
        "person": ("how", ("person",)),
        "field": ("how", ("field", "head")),
        "role": ("how", ("turn", "least_loaded")),
        "same_department": ("how", ("turn", "least_loaded")),
    }

    @property
    def choice(self) -> Choice:
        return Choice(self.how, self.person, self.field, self.role)


def choose_people(settings: Chosen, flights: Sequence[Flight]) -> dict[int, int]:
    """Record → person. Raises Unavailable where nobody can be found."""
    spec = type_of(flights[0].rule) if flights else None
    if spec is None:
        return {}
    rows = read_rows(spec, [flight.record_id for flight in flights])
    if settings.how in ("turn", "least_loaded"):
        return from_role(settings, flights, spec, {id: row["department_id"] for id, row in rows.items()})
    return present(find_meant(settings.choice, spec, rows, flights))


def from_role(
    settings: Chosen, flights: Sequence[Flight], spec: TypeSpec, departments: dict[int, int | None]
) -> dict[int, int]:
    """Holders of a role who are here, one for each record; who stands in for them when none of them is."""
    here = people_of_role(settings.role)
    loads = open_records(spec, here) if settings.how == "least_loaded" else Counter()
    chosen: dict[int, int] = {}
    for flight in flights:
        department = departments.get(flight.record_id)
        fitting = [id for id, own in here.items() if not settings.same_department or own == department]
        if not fitting:
            raise Unavailable(_("Nobody with this role is here."), code="nobody")
        if settings.how == "turn":
            chosen[flight.record_id] = take_turn(flight.rule.id, flight.instruction.place, sorted(fitting))
        else:
            least = min(fitting, key=lambda id: (loads[id], id))
            loads[least] += 1
            chosen[flight.record_id] = least
    return chosen


def people_of_role(code: str) -> dict[int, int | None]:
    """Person → department of those who hold a role and are here, else of their substitutes."""
    holders = {person.id: person.department_id for person in list_holders(get_role(code).id)}
    away = substitutes_of(holders)
    here = {id: department for id, department in holders.items() if id not in away}
    substitutes = {id for id in away.values() if id is not None} if not here else set()
    return here or {person.id: person.department_id for person in people_by_ids(substitutes)}


def open_records(spec: TypeSpec, ids: Iterable[int]) -> Counter[int]:
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
