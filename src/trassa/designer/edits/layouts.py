"""Edits of a card's tabs and sections."""

from trassa.designer.codes import propose_code
from trassa.designer.edits.fields import place_field
from trassa.designer.types import Design
from trassa.kernel import Invalid, NotFound
from trassa.solutions.types import SectionEntry, TabEntry, Words


def find_tab(design: Design, code: str) -> TabEntry:
    """Raises NotFound."""
    found = next((tab for tab in design.type.layout.card if tab.tab == code), None)
    if found is None:
        raise NotFound("There is no such tab.")
    return found


def add_tab(design: Design, label: Words, first: Words) -> Design:
    """One more tab; the first one gets a name when it had none."""
    tabs = design.type.layout.card
    code = propose_code(label.ru, {tab.tab for tab in tabs}, fallback="tab")
    named = tuple(tab if tab.label else tab.model_copy(update={"label": first}) for tab in tabs)
    return design.with_layout(
        card=(*named, TabEntry(tab=code, label=label, sections=(SectionEntry(fields=()),)))
    )


def change_tab(design: Design, code: str, *, label: Words, visible_when: str | None) -> Design:
    """A tab with another name or condition."""
    changes = {"label": label, "visible_when": visible_when}
    return _with_tab(design, find_tab(design, code).model_copy(update=changes))


def remove_tab(design: Design, code: str) -> Design:
    """The design without a tab; its fields go to the tab before it."""
    tabs = design.type.layout.card
    gone = find_tab(design, code)
    if len(tabs) == 1:
        raise Invalid("A card needs a tab.")
    rest = tuple(tab for tab in tabs if tab.tab != code)
    place = rest[max(0, tabs.index(gone) - 1)].tab
    left = design.with_layout(card=rest)
    for section in gone.sections:
        for field in section.fields:
            left = place_field(left, field, tab=place)
    return left


def add_section(design: Design, tab: str, label: Words) -> Design:
    """One more section at the end of a tab."""
    found = find_tab(design, tab)
    return _with_tab(
        design, found.model_copy(update={"sections": (*found.sections, SectionEntry(label=label, fields=()))})
    )


def change_section(
    design: Design, tab: str, number: int, *, label: Words | None, columns: int, visible_when: str | None
) -> Design:
    """A section with another name, width or condition."""
    section = _section(design, tab, number)
    changes = {"label": label, "columns": columns, "visible_when": visible_when}
    return _with_section(design, tab, number, section.model_copy(update=changes))


def move_section(design: Design, tab: str, number: int, step: int) -> Design:
    """A section one place up or down."""
    sections = list(find_tab(design, tab).sections)
    section = _section(design, tab, number)
    sections.remove(section)
    sections.insert(max(0, number + step), section)
    return _with_tab(design, find_tab(design, tab).model_copy(update={"sections": tuple(sections)}))


def remove_section(design: Design, tab: str, number: int) -> Design:
    """The design without a section; its fields go to the one before it."""
    found = find_tab(design, tab)
    gone = _section(design, tab, number)
    if len(found.sections) == 1:
        raise Invalid("A tab needs a section.")
    rest = tuple(each for index, each in enumerate(found.sections) if index != number)
    left = _with_tab(design, found.model_copy(update={"sections": rest}))
    for field in gone.fields:
        left = place_field(left, field, tab=tab, section=max(0, number - 1))
    return left


def _section(design: Design, tab: str, number: int) -> SectionEntry:
    sections = find_tab(design, tab).sections
    if not 0 <= number < len(sections):
        raise NotFound("There is no such section.")
    return sections[number]


def _with_section(design: Design, tab: str, number: int, section: SectionEntry) -> Design:
    found = find_tab(design, tab)
    sections = tuple(section if index == number else each for index, each in enumerate(found.sections))
    return _with_tab(design, found.model_copy(update={"sections": sections}))


def _with_tab(design: Design, changed: TabEntry) -> Design:
    tabs = design.type.layout.card
    return design.with_layout(card=tuple(changed if tab.tab == changed.tab else tab for tab in tabs))
