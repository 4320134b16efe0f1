"""Names behind the ids of records: titles of linked records, persons, departments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.people.queries import department_names, names_of
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Names, TypeSpec


def visible_titles(actor: Actor, spec: TypeSpec, ids: Iterable[int]) -> dict[int, str]:
    """Titles of those of `ids` that are not in the bin and that the person may see."""
    rows = spec.model._default_manager.filter(pk__in=list(ids), deleted_at__isnull=True)
    rows = restrict(rows, actor.reach(Verb.SEE, spec))
    return dict(rows.values_list("id", "title"))


def as_ids(value: Any) -> set[int]:
    """The ids in a reference's value: none, one or many."""
    if value is None:
        return set()
    return set(value) if isinstance(value, list | tuple | set) else {value}


def names_for(actor: Actor, records: Sequence[Record], fields: Sequence[FieldSpec]) -> Names:
    """Everything that the cells of these records refer to: one query a target type, two for people."""
    linked: dict[int, set[int]] = defaultdict(set)
    people = {record.owner_id for record in records}
    departments = {record.department_id for record in records}
    for field in fields:
        values = [record.values.get(field.code) for record in records]
        if field.target_type_id is not None:
            for value in values:
                linked[field.target_type_id] |= as_ids(value)
        elif field.kind == "person":
            people.update(values)
        elif field.kind == "department":
            departments.update(values)
    titles: dict[int, str] = {}
    types = current_generation().types_by_id
    for type_id, ids in linked.items():
        if ids and type_id in types:
            titles |= visible_titles(actor, types[type_id], ids)
    return Names(
        records=titles,
        people=names_of({id for id in people if id is not None}),
        departments=department_names({id for id in departments if id is not None}),
    )
