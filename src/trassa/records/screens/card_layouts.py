"""Further layouts of a card for administrators: which applies and why, and the rows of the editor."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.people.queries import list_retired_roles, list_roles
from trassa.records.queries.names import base_labels
from trassa.schema.actions import CardDraft
from trassa.schema.types import CardLayout, CardSection, CardTab, Label, TypeSpec
from trassa.ui import NavItem, address_of

#: Base columns that a card can show.
BASE = ("owner", "number", "created_at", "updated_at")
#: The row behind which stand the fields that the layout leaves out.
OUT = "out"
_TAB, _SECTION, _FIELD = "tab:", "section:", "field:"


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """A further layout in the list: for whom it is, and whether it applies in the case asked about."""

    code: str
    label: str
    roles: Sequence[str]
    stages: Sequence[str]
    #: Why it applies or does not; "" when nobody asked.
    verdict: str = ""
    applies: bool = False


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row of the editor: a tab, a section, a field, or where the fields that are left out begin."""

    value: str
    level: int
    code: str
    label: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    columns: int = 2


def stage_names(spec: TypeSpec) -> dict[int, str]:
    """Stage id → its name with that of its pipeline where there are several."""
    several = len(spec.pipelines) > 1
    return {
        stage.id: f"{pipeline.label}: {stage.label}" if several else str(stage.label)
        for pipeline in spec.pipelines
        for stage in pipeline.stages
    }


def role_names() -> dict[int, str]:
    """Role id → name; retired ones say so."""
    names = {role.id: str(role) for role in list_roles()}
    return names | {role.id: _("%(role)s (out of use)") % {"role": role} for role in list_retired_roles()}


def layout_lines(spec: TypeSpec, case: tuple[Collection[int], int | None] | None) -> list[LayoutLine]:
    """The layouts in their order; with a case (role ids, stage id) why each applies or does not."""
    roles, stages = role_names(), stage_names(spec)
    chosen = spec.layouts.choose_card(*case) if case else None
    return [
        LayoutLine(
            card.code,
            str(card.label),
            [roles[id] for id in card.role_ids if id in roles],
            [stages[id] for id in card.stage_ids if id in stages],
            verdict=explain(card, chosen, *case) if case else "",
            applies=card is chosen,
        )
        for card in spec.layouts.cards
    ]


def explain(
    card: CardLayout, chosen: CardLayout | None, role_ids: Collection[int], stage_id: int | None
) -> str:
    """Why a layout applies, or what keeps it from applying."""
    if card is chosen:
        return {
            3: _("Applies: it is for the role and for the stage."),
            2: _("Applies: it is for the role."),
            1: _("Applies: it is for the stage."),
        }[card.rank]
    if card.role_ids and not any(id in role_ids for id in card.role_ids):
        return _("Is for other roles.")
    if card.stage_ids and stage_id not in card.stage_ids:
        return _("Is for other stages.")
    if chosen is not None and chosen.rank > card.rank:
        return _("Fits, but “%(other)s” says more exactly for what it is.") % {"other": chosen.label}
    return _("Fits, but “%(other)s” stands before it.") % {"other": chosen.label if chosen else ""}


def layout_tools(actor: Actor, spec: TypeSpec, stage_id: int | None) -> list[NavItem]:
    """In the menu of a card, for administrators: which layout they see, with the way to why."""
    if not actor.everything:
        return []
    found = spec.layouts.choose_card(actor.role_ids, stage_id)
    name = found.label if found else _("own card of the type")
    case = urlencode({"role": sorted(actor.role_ids), "stage": stage_id or ""}, doseq=True)
    url = address_of("records:card_layouts", spec.code)
    return [NavItem(_("Layout: %(name)s") % {"name": name}, f"{url}?{case}", "id")]


# The editor


def field_names(spec: TypeSpec) -> dict[str, str]:
    """Everything that a card of this type can show, by code."""
    labels = base_labels()
    return {each.code: str(each.label) for each in spec.fields} | {code: labels[code] for code in BASE}


def card_rows(spec: TypeSpec, tabs: Sequence[CardTab]) -> list[CardRow]:
    """The rows of a layout, then the fields that it leaves out."""
    names = field_names(spec)
    rows: list[CardRow] = []
    sections = 0
    for tab in tabs:
        rows.append(CardRow(f"{_TAB}{tab.code}", 0, f"tab.{tab.code}", words=_words(tab.label)))
        for section in tab.sections:
            sections += 1
            code = f"section.{sections}"
            value = f"{_SECTION}{sections}"
            rows.append(CardRow(value, 1, code, words=_words(section.label), columns=section.columns))
            rows += [_field_row(each, names) for each in section.fields if each in names]
    placed = {code for tab in tabs for section in tab.sections for code in section.fields}
    rows.append(CardRow(OUT, 0, OUT))
    return rows + [_field_row(code, names) for code in names if code not in placed]


def _field_row(code: str, names: Mapping[str, str]) -> CardRow:
    return CardRow(f"{_FIELD}{code}", 2, code, names[code])


def read_card(sent: QueryDict, code: str) -> CardDraft:
    """The layout that the form says: rows in their order, words, for which roles and stages."""
    return CardDraft(
        code,
        _label(sent, "layout"),
        _read_tabs(sent),
        roles=tuple(sent.getlist("roles")),
        stages=tuple(
            (pipeline, stage)
            for pipeline, dot, stage in (each.partition(".") for each in sent.getlist("stages"))
            if dot
        ),
    )


def _read_tabs(sent: QueryDict) -> tuple[CardTab, ...]:
    """Tabs with their sections; a field before any heading opens one, empty headings go."""
    tabs: list[tuple[str, list[tuple[str, list[str]]]]] = []
    for row in sent.getlist("row"):
        if row == OUT:
            break
        if row.startswith(_TAB):
            tabs.append((row.removeprefix(_TAB), []))
            continue
        if not tabs:
            tabs.append(("main", []))
        sections = tabs[-1][1]
        if row.startswith(_SECTION):
            sections.append((row.removeprefix(_SECTION), []))
        elif row.startswith(_FIELD):
            if not sections:
                sections.append(("", []))
            sections[-1][1].append(row.removeprefix(_FIELD))
    made = (
        (code, tuple(_read_section(sent, *section) for section in sections if section[1]))
        for code, sections in tabs
    )
    return tuple(CardTab(code, _label(sent, f"tab.{code}"), sections) for code, sections in made if sections)


def _read_section(sent: QueryDict, number: str, fields: Sequence[str]) -> CardSection:
    columns = 1 if sent.get(f"columns.section.{number}") == "1" else 2
    return CardSection(_label(sent, f"section.{number}"), tuple(fields), columns=columns)


def _label(sent: QueryDict, code: str) -> Label:
    ru, en = (sent.get(f"words.{code}.{language}", "").strip() for language in ("ru", "en"))
    return Label(ru, en)


def _words(label: Label) -> dict[str, str]:
    return {"ru": label.ru, "en": label.en}
