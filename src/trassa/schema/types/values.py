"""What kinds of fields need and give when values are read, written and asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from trassa.schema.types.labels import Label


@dataclass(frozen=True, slots=True)
class Names:
    """Names behind ids, as `FieldKind.cell` needs them to write references in words."""

    records: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    departments: Mapping[int, str] = field(default_factory=dict)


class Lookups(Protocol):
    """How people write references: by login, name, number, title or key. Each gives an id or None.

    The caller decides whose rights apply; a name that fits several things should give None.
    """

    def find_person(self, text: str) -> int | None: ...

    def find_department(self, text: str) -> int | None: ...

    def find_record(self, type_id: int, text: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class FormControl:
    """How a form asks for a value of a field; screens turn it into HTML."""

    control: Literal[
        "text",
        "textarea",
        "number",
        "date",
        "datetime-local",
        "checkbox",
        "select",
        "multiselect",
        "person",
        "department",
        "record",
        "records",
        "periods",
        "files",
        "tel",
        "email",
        "output",
    ]
    #: HTML attributes such as maxlength, inputmode, autocomplete.
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: Values and labels of a select.
    choices: tuple[tuple[str, Label], ...] = ()
    #: Unit shown behind the value: "₽", "%".
    suffix: str = ""
