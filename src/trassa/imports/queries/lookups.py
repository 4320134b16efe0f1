"""Finds what the cells of a file refer to: people, departments, and records that the importer may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.imports.columns import folded, key_fields_of
from trassa.people.queries import list_departments, list_people
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

#: What identifies a record beside the fields of its type.
BASE_KEYS = ("number", "title")


class FileLookups:
    """Names in cells → ids. A name that fits several things finds none.

    People and departments are read once, records for a batch of rows at a time, with one query for each link
    (`load`).
    """

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._people: dict[str, set[int]] = defaultdict(set)
        self._departments: dict[str, set[int]] = defaultdict(set)
        self._records: dict[tuple[int, str], dict[str, set[int]]] = {}
        for profile in list_people(is_active=True):
            for name in (profile.person.login, profile.person.name):
                self._people[folded(name)].add(profile.person.id)
        for department in list_departments():
            for name in (department.code, department.name):
                self._departments[folded(name)].add(department.id)

    def find_person(self, text: str) -> int | None:
        return only(self._people.get(folded(text)))

    def find_department(self, text: str) -> int | None:
        return only(self._departments.get(folded(text)))

    def find_record(self, type_id: int, text: str, key: str = "") -> int | None:
        """The record that a text names; it is looked up now unless `load` has done so."""
        if text not in self._records.get((type_id, key), {}):
            self.load(current_generation().types_by_id[type_id], key, [text])
        return only(self._records[type_id, key].get(text))

    def forget_records(self) -> None:
        """Make room for the next batch; what one batch creates the next one finds."""
        self._records.clear()

    def load(self, spec: TypeSpec, key: str, texts: Iterable[str]) -> None:
        """Look up those of the texts that are not known yet among records of the type."""
        known = self._records.setdefault((spec.id, key), {})
        wanted = {text for text in texts if text and text not in known}
        if not wanted:
            return
        known |= {text: set() for text in wanted}
        spellings = Spellings(spec, self._actor, wanted, key)
        rows = spec.model._default_manager.filter(spellings.condition, deleted_at__isnull=True)
        rows = restrict(rows, self._actor.reach(Verb.SEE, spec))
        columns = ["id", "number", "title", *(field.column for field in spellings.fields)]
        for row in rows.values_list(*columns):
            for text in spellings.texts_of(*row):
                known[text].add(row[0])


class KeyedLookups:
    """The lookups of one column of links, by what identifies its records."""

    def __init__(self, lookups: FileLookups, key: str) -> None:
        self._lookups = lookups
        self._key = key
        self.find_person = lookups.find_person
        self.find_department = lookups.find_department

    def find_record(self, type_id: int, text: str) -> int | None:
        return self._lookups.find_record(type_id, text, self._key)


class Spellings:
    """What texts may mean as numbers, titles and keys of a type; `key` limits it to one of them."""

    def __init__(self, spec: TypeSpec, actor: Actor, texts: set[str], key: str) -> None:
        self._spec = spec
        #: Fields that identify a record.
        self.fields = [field for field in key_fields_of(actor, spec) if key in ("", field.code)]
        #: Several texts may be one number, as several spellings are one phone.
        self._by_number: dict[int, set[str]] = defaultdict(set)
        if key in ("", "number"):
            for text in texts:
                if (number := self._number(text, bool(key))) is not None:
                    self._by_number[number].add(text)
        self._by_value = {field.column: values_of(field, texts) for field in self.fields}
        self._texts = texts if key in ("", "title") else set()
        self.condition = Q(title__in=self._texts) | Q(number__in=list(self._by_number))
        for column, values in self._by_value.items():
            self.condition |= Q(**{f"{column}__in": list(values)})

    def _number(self, text: str, bare: bool) -> int | None:
        """The number of a record; without its prefix only where nothing else can be meant."""
        digits = text.removeprefix(self._spec.number_prefix)
        plain = digits.isascii() and digits.isdigit() and len(digits) < 18
        return int(digits) if plain and (bare or digits != text) else None

    def texts_of(self, id: int, number: int, title: str, *values: object) -> set[str]:
        """The texts by which this row was found."""
        found = {*self._by_number.get(number, ()), *({title} & self._texts)}
        for field, value in zip(self.fields, values, strict=True):
            found |= self._by_value[field.column].get(value, set())
        return found


def values_of(field: FieldSpec, texts: Iterable[str]) -> Mapping[object, set[str]]:
    """Texts by the values that they are in this field; others are left out."""
    values: dict[object, set[str]] = defaultdict(set)
    for text in texts:
        try:
            value = field_kinds.get(field.kind).parse_import(text, field)
        except ValueRefused:
            continue
        if value is not None:
            values[value].add(text)
    return values


def only(ids: set[int] | None) -> int | None:
    return next(iter(ids)) if ids and len(ids) == 1 else None
