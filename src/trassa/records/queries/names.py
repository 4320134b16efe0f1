"""Names behind the ids of records: titles of linked records, persons, departments."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.people.queries import department_names, names_of
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, LinkPeriod, Names

_BASE_LABELS = {
    "title": _("Title"),
    "number": pgettext_lazy("of a record", "Number"),
    "stage": _("Stage"),
    "pipeline": _("Pipeline"),
    "owner": _("Owner"),
    "department": _("Department"),
    "created_at": _("Created"),
    "updated_at": _("Changed"),
    "stage_entered_at": _("On stage since"),
    "stage_due_at": _("Stage due"),
    "reason": _("Reason"),
}


def visible_titles(actor: Actor, wanted: Mapping[int, Set[int]]) -> dict[int, dict[int, str]]:
    """Type id → record id → title, of those `wanted` that are not in the bin and that the person may see.

    One query for all types that the person sees whole, one for each type that they see in part.
    """
    types = current_generation().types_by_id
    found: dict[int, dict[int, str]] = {type_id: {} for type_id in wanted}
    whole: set[int] = set()
    for type_id, ids in wanted.items():
        spec = types.get(type_id)
        if spec is None or not ids:
            continue
        reach = actor.reach(Verb.SEE, spec)
        if reach.everything:
            whole |= ids
        elif not reach.nothing:
            rows = spec.model._default_manager.filter(pk__in=ids, deleted_at__isnull=True)
            found[type_id] = dict(restrict(rows, reach).values_list("id", "title"))
    for type_id, id, title in read_anchors(whole):
        if id in wanted.get(type_id, ()):
            found[type_id][id] = title
    return found


def base_labels() -> dict[str, str]:
    """Names of base columns in the person's language."""
    return {code: str(label) for code, label in _BASE_LABELS.items()}


def base_label(code: str) -> str:
    """The name of one base column in the person's language."""
    return str(_BASE_LABELS[code])


def read_anchors(ids: Set[int]) -> list[tuple[int, int, str]]:
    """Type, id and title of these records; no query for none."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type_id, id, title FROM records_record WHERE id = ANY(%s) AND deleted_at IS NULL",
            [list(ids)],
        )
        return [(type_id, id, title) for type_id, id, title in cursor.fetchall()]


def titles_in(found: Mapping[int, Mapping[int, str]]) -> dict[int, str]:
    """Record id → title, over all types: ids come from one sequence."""
    return {id: title for titles in found.values() for id, title in titles.items()}


def ids_in(value: Any) -> list[int]:
    """The ids in a reference's value, in Python or as JSON: none, one or several, with periods or without."""
    found = (id_of(each) for each in (value if isinstance(value, list | tuple) else [value]))
    return [id for id in found if isinstance(id, int)]


def id_of(link: Any) -> Any:
    """The id of one link; what is no link stays as it is."""
    if isinstance(link, LinkPeriod):
        return link.id
    return link.get("id") if isinstance(link, Mapping) else link


@dataclass(slots=True)
class NamesWanted:
    """Collects the ids that a screen mentions, so that names are read once for all of it."""

    people: set[int] = field(default_factory=set)
    departments: set[int] = field(default_factory=set)
    records: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add_person(self, id: int | None) -> None:
        if id is not None:
            self.people.add(id)

    def add_value(self, spec: FieldSpec, value: Any) -> None:
        """Note what one value refers to; of a lookup what the shown value does."""
        spec = spec.displayed
        if spec.target_type_id is not None:
            self.records[spec.target_type_id].update(ids_in(value))
        elif spec.kind == "person":
            self.people.update(ids_in(value))
        elif spec.kind == "department":
            self.departments.update(ids_in(value))

    def read(self, actor: Actor) -> Names:
        """The names that this person may see: a query a kind of name."""
        return Names(
            records=titles_in(visible_titles(actor, self.records)),
            people=names_of(self.people),
            departments=department_names(self.departments),
        )


def names_for(actor: Actor, records: Sequence[Record], fields: Sequence[FieldSpec]) -> Names:
    """Everything that the cells of these records refer to, and their owners."""
    wanted = NamesWanted()
    for record in records:
        wanted.add_person(record.owner_id)
    for spec in fields:
        shown = spec.displayed
        if shown.target_type_id is not None or shown.kind in ("person", "department"):
            for record in records:
                wanted.add_value(spec, record.values.get(spec.code))
    return wanted.read(actor)
