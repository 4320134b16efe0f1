"""The page "fields and card": kinds to add, the card as it will look, and properties of the chosen field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from trassa.designer.formulas import Formulas
from trassa.designer.queries import RetiredThing, list_retired_fields, list_types, retired_fields
from trassa.designer.screens.heads import said
from trassa.designer.types import DraftState
from trassa.schema.actions.expressions import EXPRESSIONS
from trassa.schema.actions.formulas import may_be_worked_out
from trassa.schema.queries import is_convertible
from trassa.schema.registries import field_kinds
from trassa.solutions.types import FieldEntry, OptionEntry, TypeEntry, Words

#: Base columns that cards may show.
BASE = ("owner", "department", "created_at", "updated_at", "stage", "number")


@dataclass(frozen=True, slots=True)
class KindButton:
    code: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class CardField:
    """One field where it stands on the card."""

    code: str
    label: str
    kind: str
    icon: str
    required: bool
    selected: bool
    can_select: bool


@dataclass(frozen=True, slots=True)
class Section:
    number: int
    label: Words | None
    columns: int
    visible_when: str
    fields: Sequence[CardField]


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: Words | None
    visible_when: str
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class SettingInput:
    """One setting of the kind, as the form asks for it."""

    name: str
    label: str
    control: str
    value: Any
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Properties:
    """The chosen field and what can be said about it."""

    entry: FieldEntry
    kind: str
    kinds: Sequence[tuple[str, str]]
    is_new: bool
    #: It was added a moment ago: its name waits to be typed.
    is_fresh: bool
    may_be_unique: bool
    may_sort: bool
    is_automatic: bool
    may_be_worked_out: bool
    with_target: bool
    targets: Sequence[tuple[str, str]]
    is_lookup: bool
    shown: Sequence[tuple[str, str]]
    with_options: bool
    options: Sequence[OptionEntry]
    settings: Sequence[SettingInput]
    #: Where it stands: "tab/section", the places to choose from, and its place in the section.
    tab: str
    section: int
    at: int
    last: int
    places: Sequence[tuple[str, str]]
    #: Its expressions with the names that people know.
    rules: Mapping[str, str]
    has_rules: bool


@dataclass(frozen=True, slots=True)
class RetiredField:
    """A field out of use, and how many records have a value in it."""

    code: str
    label: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class CardPage:
    kinds: Sequence[KindButton]
    tabs: Sequence[Tab]
    has_fields: bool
    properties: Properties | None
    unplaced: Sequence[CardField]
    retired: Sequence[RetiredField]


def make_card(draft: DraftState, chosen: str, *, is_new: bool = False) -> CardPage:
    """The page as the draft stands, with this field chosen."""
    layout, formulas = draft.design.type.layout, Formulas(draft)
    tabs = [
        Tab(
            tab.tab,
            tab.label,
            formulas.shown(tab.visible_when),
            [
                Section(
                    number,
                    section.label,
                    section.columns,
                    formulas.shown(section.visible_when),
                    [_card_field(draft, code, chosen) for code in section.fields],
                )
                for number, section in enumerate(tab.sections)
            ],
        )
        for tab in layout.card
    ]
    placed = {code for tab in layout.card for section in tab.sections for code in section.fields}
    properties = (
        _properties(draft, chosen, formulas, is_fresh=is_new) if chosen in draft.design.fields else None
    )
    return CardPage(
        kinds=[KindButton(code, str(kind.label), kind.icon) for code, kind in field_kinds.items()],
        tabs=tabs,
        has_fields=bool(draft.design.fields),
        properties=properties,
        retired=[_retired_field(each) for each in list_retired_fields(draft)],
        unplaced=[_card_field(draft, code, chosen) for code in draft.design.fields if code not in placed],
    )


def _card_field(draft: DraftState, code: str, chosen: str) -> CardField:
    entry = draft.design.fields.get(code)
    if entry is None:
        return CardField(code, base_label(code), "", "lock", False, False, False)
    kind = field_kinds.get(entry.kind)
    return CardField(
        code, said(entry.label), str(kind.label), kind.icon, entry.required, code == chosen, True
    )


def _retired_field(thing: RetiredThing) -> RetiredField:
    entry = thing.entry
    kind = field_kinds.get(entry.kind).label if isinstance(entry, FieldEntry) else ""
    return RetiredField(entry.code, said(entry.label), str(kind), thing.count)


def base_label(code: str) -> str:
    """What people call a base column."""
    return {
        "number": _("Number"),
        "title": _("Title"),
        "pipeline": _("Pipeline"),
        "stage": _("Stage"),
        "stage_entered_at": _("In the stage since"),
        "reason": _("Reason"),
        "owner": _("Responsible"),
        "department": _("Department"),
        "created_at": _("Created"),
        "created_by": _("Created by"),
        "updated_at": _("Changed"),
        "updated_by": _("Changed by"),
    }.get(code, code)


def _properties(draft: DraftState, code: str, formulas: Formulas, *, is_fresh: bool) -> Properties:
    entry = draft.design.field(code)
    kind = field_kinds.get(entry.kind)
    is_new = code not in draft.known_fields | retired_fields(draft.code)
    types = {each.code: each for each in list_types()} | {draft.code: draft.design.type}
    tab, section, at, last = _place(draft, code)
    rules = {name: formulas.shown(getattr(entry, name)) for name in EXPRESSIONS}
    return Properties(
        entry=entry,
        kind=str(kind.label),
        kinds=_kinds(entry, is_new),
        is_new=is_new,
        is_fresh=is_fresh,
        may_be_unique=kind.unique,
        may_sort=kind.sortable,
        is_automatic=kind.automatic or kind.storage == "linked",
        may_be_worked_out=may_be_worked_out(kind),
        with_target=kind.with_target,
        targets=[(each.code, said(each.label)) for each in types.values()],
        is_lookup=kind.storage == "linked",
        shown=_shown(draft.design.type, types),
        with_options=kind.with_options,
        options=entry.options,
        settings=_settings(entry),
        tab=tab,
        section=section,
        at=at,
        last=last,
        places=_places(draft),
        rules=rules,
        has_rules=any(rules[name] for name in EXPRESSIONS if name != "formula") or bool(entry.help),
    )


def _kinds(entry: FieldEntry, is_new: bool) -> list[tuple[str, str]]:
    """Kinds that the field can become: any while it is new, then those that its values can be turned into."""
    return [
        (code, str(kind.label))
        for code, kind in field_kinds.items()
        if code == entry.kind or is_new or is_convertible(entry.kind, code)
    ]


def _shown(entry: TypeEntry, types: dict[str, TypeEntry]) -> list[tuple[str, str]]:
    """What a lookup can show: fields behind the links of the type."""
    return [
        (f"{link.code}.{field.code}", f"{said(link.label)} → {said(field.label)}")
        for link in entry.fields
        if link.kind == "link" and link.target in types
        for field in types[link.target].fields
        if not field.shows
    ]


def _settings(entry: FieldEntry) -> list[SettingInput]:
    inputs = []
    for setting in field_kinds.get(entry.kind).settings:
        control = {bool: "checkbox", int: "number"}.get(type(setting.default), "text")
        choices = [(each, each) for each in setting.choices]
        value = entry.settings.get(setting.name, setting.default)
        inputs.append(
            SettingInput(setting.name, str(setting.label), "select" if choices else control, value, choices)
        )
    return inputs


def _place(draft: DraftState, code: str) -> tuple[str, int, int, int]:
    """Tab, section, place in it and its last place; the end of the card when it is not there."""
    for tab in draft.design.type.layout.card:
        for number, section in enumerate(tab.sections):
            if code in section.fields:
                return tab.tab, number, section.fields.index(code), len(section.fields) - 1
    return "", 0, 0, 0


def _places(draft: DraftState) -> list[tuple[str, str]]:
    tabs = draft.design.type.layout.card
    return [
        (
            f"{tab.tab}/{number}",
            " → ".join(
                each
                for each in (
                    said(tab.label) if len(tabs) > 1 else "",
                    said(section.label) or _("Section %s") % (number + 1),
                )
                if each
            ),
        )
        for tab in tabs
        for number, section in enumerate(tab.sections)
    ]
