"""Form controls of fields: what a kind's form facet asks for, with the value as the control carries it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.people.queries import list_departments, list_people
from trassa.records.queries.forms import NEW
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, TypeSpec
from trassa.ui import read_id, read_ids


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One input of a form. `name` is the field's code, `control` names a macro of `records/fields.html`."""

    name: str
    label: str
    control: str
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    help: str = ""
    suffix: str = ""
    required: bool = False
    error: str = ""
    #: A condition hides it or keeps people from filling it; the form may show or open it later.
    is_hidden: bool = False
    is_locked: bool = False
    #: For record pickers: the type's code, its name, and the titles of chosen records.
    target: str = ""
    target_label: str = ""
    chosen: tuple[Choice, ...] = ()
    #: For links with periods: their lines, an empty one at the end.
    periods: tuple["PeriodLine", ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Chosen records as pairs of id and title."""
        return [(choice.value, choice.label) for choice in self.chosen]


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One link with its days, as inputs carry them."""

    id: str = ""
    title: str = ""
    since: str = ""
    until: str = ""


class ControlMaker:
    """Makes controls of one form; lists of people and departments are read once, and only when asked for."""

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()
        self._people: list[tuple[int, str]] | None = None
        self._departments: list[tuple[int, str]] | None = None

    def of_field(
        self, spec: FieldSpec, value: Any = None, *, error: str = "", required: bool | None = None
    ) -> Control:
        """The control of one field with a value in Python."""
        kind = field_kinds.get(spec.kind)
        return self.of_text(spec, kind.to_form(value, spec), error=error, required=required)

    def of_text(
        self, spec: FieldSpec, text: str | Sequence[str], *, error: str = "", required: bool | None = None
    ) -> Control:
        """The control of one field with what was typed, refused or not."""
        form = field_kinds.get(spec.kind).form(spec)
        values = (text,) if isinstance(text, str) else tuple(text)
        target = current_generation().types_by_id.get(spec.target_type_id or 0)
        return Control(
            name=spec.code,
            label=str(spec.label),
            control=form.control,
            value=values[0] if values else "",
            values=values,
            choices=self._choices(form.control, form.choices, values),
            attributes=form.attributes,
            help=str(spec.help),
            suffix=form.suffix,
            required=spec.required if required is None else required,
            error=error,
            target=target.code if target else "",
            target_label=str(target.label) if target else "",
            chosen=self._chosen(values) if target else (),
            periods=self._periods(values) if form.control == "periods" else (),
        )

    def owner(self, value: int | None, *, error: str = "", required: bool = False) -> Control:
        """The control of a record's owner."""
        values = (str(value),) if value else ("",)
        return Control(
            name="owner",
            label=_("Owner"),
            control="person",
            value=values[0],
            values=values,
            choices=self._choices("person", (), values),
            required=required,
            error=error,
        )

    def _choices(
        self, control: str, options: Iterable[tuple[str, Any]], values: tuple[str, ...]
    ) -> tuple[Choice, ...]:
        if control == "person":
            options = ((str(id), name) for id, name in self.people())
        elif control == "department":
            options = ((str(id), name) for id, name in self.departments())
        return tuple(Choice(value, str(label), value in values) for value, label in options)

    def _chosen(self, values: tuple[str, ...]) -> tuple[Choice, ...]:
        ids = read_ids(values)
        return tuple(
            Choice(str(id), self._names.records[id], True) for id in ids if id in self._names.records
        )

    def _periods(self, values: tuple[str, ...]) -> tuple[PeriodLine, ...]:
        """The lines behind texts "id|from|to", and an empty one for one more."""
        lines = []
        for text in values:
            id, since, until = (*text.split("|"), "", "")[:3]
            title = self._names.records.get(read_id(id) or 0, "")
            unseen = _("A record that you do not see") if id else ""
            lines.append(PeriodLine(id, title or unseen, since, until))
        return (*lines, PeriodLine())

    def people(self) -> list[tuple[int, str]]:
        """Active people by name."""
        if self._people is None:
            self._people = [(each.person.id, each.person.name) for each in list_people(is_active=True)]
        return self._people

    def departments(self) -> list[tuple[int, str]]:
        """Departments by name."""
        if self._departments is None:
            self._departments = [(department.id, department.name) for department in list_departments()]
        return self._departments


def read_linked(fields: Iterable[FieldSpec], form: QueryDict) -> dict[str, tuple[TypeSpec, str]]:
    """Records that pickers of a submitted form only name: field code → type and name."""
    types = current_generation().types_by_id
    linked = {}
    for spec in fields:
        target, text = types.get(spec.target_type_id or 0), form.get(spec.code, "")
        if spec.kind == "link" and target is not None and text.startswith(NEW):
            linked[spec.code] = target, text.removeprefix(NEW)
    return linked


def ids_typed(spec: FieldSpec, texts: Iterable[str]) -> list[int]:
    """Ids of records in the texts of a field, for their names."""
    ids = (text.partition("|")[0] for text in texts) if spec.target_type_id is not None else ()
    return read_ids(ids)


def editable_fields(actor: Actor, spec: TypeSpec) -> list[FieldSpec]:
    """Fields whose values this person may give, as far as the fields themselves are concerned."""
    return [field for field in actor.visible_fields(spec) if is_editable(actor, field)]


def is_editable(actor: Actor, field: FieldSpec) -> bool:
    return not field.read_only and not field_kinds.get(field.kind).automatic and actor.edits_field(field)
