"""Conditions of a list in words, and the form that adds one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.expressions import write
from trassa.people.queries import list_people, names_of
from trassa.records.queries import reader_scope, reader_style, titles_in, visible_titles
from trassa.records.queries.filters import AMOUNTS, ME
from trassa.records.queries.names import base_labels
from trassa.records.screens.addresses import Address, Condition
from trassa.records.screens.controls import Choice, Control, ControlMaker
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, TypeSpec
from trassa.ui import read_id, read_ids

#: Base columns with conditions of their own.
_BASE = ("stage", "owner", "created_at", "stage_due_at")


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition that is set: its words, and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class FilterField:
    """One field that a list can be filtered by."""

    code: str
    label: str


def filter_fields(actor: Actor, spec: TypeSpec) -> list[FilterField]:
    """What the list can be filtered by, base columns first."""
    labels = base_labels()
    base = [code for code in _BASE if spec.pipelines or not code.startswith("stage")]
    fields = [field for field in actor.visible_fields(spec) if operations_of(field)]
    return [FilterField(code, labels[code]) for code in base] + [
        FilterField(field.code, str(field.label)) for field in fields
    ]


def operations_of(field: FieldSpec) -> tuple[str, ...]:
    """Operations that the form offers for a field; none for kinds that it cannot ask for."""
    return field_kinds.get(field.displayed.kind).offered


def filter_controls(actor: Actor, spec: TypeSpec, code: str, address: Address) -> list[Control]:
    """The inputs that ask for one field's condition; none when the list cannot be filtered by it."""
    field = spec.by_code.get(code)
    if field is not None and actor.sees_field(field):
        return field_controls(field, address)
    if code == "stage" and spec.pipelines:
        return [stage_control(spec, address)]
    if code == "owner":
        return [owner_control(address)]
    if code in ("created_at", "stage_due_at"):
        return range_controls(code, base_labels()[code], "date", {}, address)
    return []


def field_controls(field: FieldSpec, address: Address) -> list[Control]:
    """The inputs for a condition on a field: one, or from and to."""
    offered = operations_of(field)
    field = replace(field.displayed, code=field.code, label=field.label)
    if offered == ("gte", "lte"):
        form = field_kinds.get(field.kind).form(field)
        control = "date" if field.kind == "datetime" else form.control
        return range_controls(field.code, str(field.label), control, dict(form.attributes), address)
    if not offered:
        return []
    parameter = field.code if offered == ("eq",) else f"{field.code}__{offered[0]}"
    return [ask_for(ControlMaker(), field, parameter, address.value(field.code, offered[0]))]


def owner_control(address: Address) -> Control:
    """Everybody who works here, oneself first."""
    present = address.value("owner")
    control = ControlMaker().owner(read_id(present))
    return replace(control, choices=(Choice(ME, _("Me"), present == ME), *control.choices))


def ask_for(make: ControlMaker, field: FieldSpec, parameter: str, text: str) -> Control:
    """One input for a whole condition."""
    if field.kind in ("choice", "multi_choice"):
        control = replace(make.of_text(field, text.split(",")), control="multiselect")
    elif field.kind == "boolean":
        yes_no = (Choice("true", _("yes"), text == "true"), Choice("false", _("no"), text == "false"))
        control = replace(make.of_text(field, text), control="select", choices=yes_no)
    elif operations_of(field) == ("contains",):
        control = replace(make.of_text(field, text), control="text", attributes={"autocomplete": "off"})
    elif field.has_periods:
        control = replace(make.of_text(field, text), control="record", label=_("%s, today") % field.label)
    else:
        control = make.of_text(field, text)
    return replace(control, name=parameter, required=False, help="")


def stage_control(spec: TypeSpec, address: Address) -> Control:
    """The stages of the list's pipeline, or of all of them."""
    wanted = [*address.value("stage", "in").split(","), address.value("stage")]
    pipelines = [p for p in spec.pipelines if address.value("pipeline") in ("", p.code)]
    seen: dict[str, Choice] = {}
    for pipeline in pipelines:
        for stage in pipeline.stages:
            seen.setdefault(stage.code, Choice(stage.code, str(stage.label), stage.code in wanted))
    return Control(name="stage__in", label=_("Stage"), control="multiselect", choices=tuple(seen.values()))


def range_controls(
    code: str, label: str, control: str, attributes: dict[str, str], address: Address
) -> list[Control]:
    """From and to."""
    return [
        Control(
            name=f"{code}__{operation}",
            label=f"{label}, {word}",
            control=control,
            value=address.value(code, operation),
            attributes=attributes,
        )
        for operation, word in (("gte", _("from")), ("lte", _("to")))
    ]


def make_chips(actor: Actor, spec: TypeSpec, address: Address) -> list[Chip]:
    """The conditions of an address in words; people and linked records are named, one query each."""
    shown = [c for c in address.conditions if c.code not in ("pipeline", "owner")]
    names = names_in(actor, spec, shown)
    return [
        Chip(label_of(spec, c), words_of(spec, c, names), without(address, c).url)
        for c in shown
        if c.code in spec.by_code or c.code in base_labels()
    ]


def without(address: Address, condition: Condition) -> Address:
    return replace(address, conditions=tuple(c for c in address.conditions if c is not condition))


def label_of(spec: TypeSpec, condition: Condition) -> str:
    field = spec.by_code.get(condition.code)
    return str(field.label) if field else base_labels()[condition.code]


def words_of(spec: TypeSpec, condition: Condition, names: Names) -> str:
    """ "≥ 3 000 000 ₽", "Салон, В пути", "пусто"."""
    signs = {"gte": "≥ ", "lte": "≤ ", "gt": "> ", "lt": "< ", "ne": "≠ "}
    if condition.operation == "empty":
        return _("empty") if condition.value in ("true", "1") else _("filled in")
    if condition.operation == "older":
        return _("more than %s days ago") % condition.value
    if condition.operation == "month":
        return month_in_words(condition.value)
    if condition.operation in ("on", "ever"):
        return link_in_words(condition, names)
    values = condition.value.split(",") if condition.operation == "in" else [condition.value]
    return signs.get(condition.operation, "") + ", ".join(
        value_in_words(spec, condition, v, names) for v in values
    )


def month_in_words(text: str) -> str:
    """ "Ноябрь 2026" of "2026-11"; what is no month stays as it was typed."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return text
    return f"{MONTHS[month.month].capitalize()} {month.year}"


def link_in_words(condition: Condition, names: Names) -> str:
    """ "Егоров Пётр на 01.04.2026", "Егоров Пётр когда-либо"."""
    ids, _at, day = condition.value.partition("@")
    who = ", ".join(names.records.get(id, str(id)) for id in read_ids(ids.split(",")))
    if condition.operation == "ever":
        return _("%s, at any time") % who
    return _("%(who)s on %(day)s") % {"who": who, "day": day}


def value_in_words(spec: TypeSpec, condition: Condition, value: str, names: Names) -> str:
    """One operand as people read it; what cannot be parsed stays as it was typed."""
    field = spec.by_code.get(condition.code)
    if condition.code == "stage":
        stages = (stage for pipeline in spec.pipelines for stage in pipeline.stages)
        return next((str(stage.label) for stage in stages if stage.code == value), value)
    if value == ME:
        return _("me")
    if field is None or condition.operation == "contains":
        return value
    field = field.displayed
    if field.has_periods:
        return names.records.get(read_id(value) or 0, value)
    kind = field_kinds.get(field.kind)
    try:
        parsed = (
            kind.parse_import(value, field)
            if field.kind in AMOUNTS
            else kind.parse(value == "true" if field.kind == "boolean" else value, field)
        )
    except ValueRefused:
        return value
    return kind.cell(parsed, field, names) or value


def names_in(actor: Actor, spec: TypeSpec, conditions: Sequence[Condition]) -> Names:
    """Names of the people and records that conditions mention."""
    records: dict[int, set[int]] = {}
    people: set[int] = set()
    for condition in conditions:
        field = spec.by_code.get(condition.code)
        ids = set(read_ids(condition.value.partition("@")[0].split(",")))
        if field is None or not ids:
            continue
        field = field.displayed
        if field.target_type_id is not None:
            records.setdefault(field.target_type_id, set()).update(ids)
        elif field.kind == "person":
            people |= ids
    return Names(records=titles_in(visible_titles(actor, records)), people=names_of(people))


@dataclass(frozen=True, slots=True)
class WhereFilter:
    """The condition of an address in the person's language, and what is wrong with it."""

    text: str
    fault: str
    #: The address without it.
    bare_url: str


def where_filter(actor: Actor, spec: TypeSpec, address: Address) -> WhereFilter:
    """The condition as this person writes it; a text that cannot be read stays as it was typed."""
    node, fault = address.condition(actor, spec)
    text = address.where if node is None else write(node, reader_scope(actor), spec.id, reader_style())
    return WhereFilter(text, fault, replace(address, where="").url)


@dataclass(frozen=True, slots=True)
class OwnerFilter:
    """Whose records are shown: the present choice in words, and the choices."""

    label: str
    everybody: str
    mine: str
    choice: str


def owner_filter(actor: Actor, address: Address) -> OwnerFilter:
    """The owner switch of a board or a list."""
    present = address.value("owner")
    label = _("Everybody's")
    if present == ME or (actor.id is not None and present == str(actor.id)):
        label = _("Mine")
    elif (id := read_id(present)) is not None:
        label = names_of({id}).get(id, present)
    bare = address.without("owner")
    return OwnerFilter(label, bare.url, bare.with_condition("owner", ME).url, present)


def people_links(address: Address) -> list[tuple[str, str]]:
    """Names of active people with the address of their records."""
    bare = address.without("owner")
    return [
        (each.person.name, bare.with_condition("owner", str(each.person.id)).url)
        for each in list_people(is_active=True)
    ]
