"""Finds what the cells of a file refer to: people, departments, and records that the importer may see."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.imports.columns import folded
from trassa.people.queries import list_departments, list_people
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec


class FileLookups:
    """Names in cells → ids, remembered for the whole file. A name that fits several things finds none.

    Records are found by number, title, and unique or keyed fields (VIN, phone, INN); `load` asks for all
    texts of a batch with one query a target type.
    """

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._people: dict[str, set[int]] = defaultdict(set)
        self._departments: dict[str, set[int]] = defaultdict(set)
        self._records: dict[int, dict[str, set[int]]] = defaultdict(dict)
        for profile in list_people(is_active=True):
            for name in (profile.person.login, profile.person.name):
                self._people[folded(name)].add(profile.person.id)
        for department in list_departments():
            for name in (department.code, department.name):
                self._departments[folded(name)].add(department.id)

    def find_person(self, text: str) -> int | None:
        return _only(self._people.get(folded(text)))

    def find_department(self, text: str) -> int | None:
        return _only(self._departments.get(folded(text)))

    def find_record(self, type_id: int, text: str) -> int | None:
        if text not in self._records[type_id]:
            self.load(type_id, [text])
        return _only(self._records[type_id][text])

    def load(self, type_id: int, texts: Iterable[str]) -> None:
        """Look up those of the texts that are not known yet."""
        known = self._records[type_id]
        wanted = {text for text in texts if text and text not in known}
        if not wanted:
            return
        known |= {text: set() for text in wanted}
        spec = current_generation().types_by_id[type_id]
        spellings = _Spellings(spec, self._actor, wanted)
        rows = spec.model._default_manager.filter(spellings.condition, deleted_at__isnull=True)
        rows = restrict(rows, self._actor.reach(Verb.SEE, spec))
        columns = ["id", "number", "title", *(field.column for field in spellings.fields)]
        for row in rows.values_list(*columns):
            for text in spellings.texts_of(*row):
                known[text].add(row[0])


class _Spellings:
    """What texts may mean as numbers, titles and keys of a type."""

    def __init__(self, spec: TypeSpec, actor: Actor, texts: set[str]) -> None:
        self._spec = spec
        #: Fields that identify a record.
        self.fields = [
            field for field in actor.visible_fields(spec) if field.unique or field_kinds.get(field.kind).keyed
        ]
        self._by_number = {number: text for text in texts if (number := self._number(text)) is not None}
        self._by_value: dict[str, dict[object, str]] = {}
        for field in self.fields:
            values = {value: text for text in texts if (value := _parsed(text, field)) is not None}
            self._by_value[field.column] = values
        self._texts = texts
        self.condition = Q(title__in=texts) | Q(number__in=list(self._by_number))
        for column, values in self._by_value.items():
            self.condition |= Q(**{f"{column}__in": list(values)})

    def _number(self, text: str) -> int | None:
        digits = text.removeprefix(self._spec.number_prefix)
        plain = digits.isascii() and digits.isdigit() and len(digits) < 18
        return int(digits) if plain and digits != text else None

    def texts_of(self, id: int, number: int, title: str, *values: object) -> set[str]:
        """The texts by which this row was found."""
        found = {self._by_number.get(number), title if title in self._texts else None}
        for field, value in zip(self.fields, values, strict=True):
            found.add(self._by_value[field.column].get(value))
        return {text for text in found if text is not None}


def _parsed(text: str, field: FieldSpec) -> object | None:
    try:
        value: object | None = field_kinds.get(field.kind).parse_import(text, field)
    except ValueRefused:
        return None
    return value


def _only(ids: set[int] | None) -> int | None:
    return next(iter(ids)) if ids and len(ids) == 1 else None
