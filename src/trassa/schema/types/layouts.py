"""How records of a type are shown: tabs and sections of a card, columns of a list, lines of a board card."""

from dataclasses import dataclass

from trassa.expressions import Node
from trassa.schema.types.labels import Label


@dataclass(frozen=True, slots=True)
class CardSection:
    """A group of fields on a card; its label may be empty."""

    label: Label
    #: Codes of fields, in order.
    fields: tuple[str, ...]
    #: While false the section is not shown.
    visible_when: Node | None = None
    #: How many fields stand side by side where there is room: 1 or 2.
    columns: int = 2


@dataclass(frozen=True, slots=True)
class CardTab:
    """A page of a card. A card with a single tab shows no bar of tabs, so its label may be empty."""

    code: str
    label: Label
    sections: tuple[CardSection, ...]
    #: While false the tab is not shown.
    visible_when: Node | None = None


def one_tab(*sections: CardSection) -> tuple[CardTab, ...]:
    """A card without tabs: these sections one below the other."""
    return (CardTab("main", Label(""), sections),)


@dataclass(frozen=True, slots=True)
class Layouts:
    """How records of a type are shown. Codes of fields, and of base columns such as `owner`."""

    card: tuple[CardTab, ...] = ()
    list_columns: tuple[str, ...] = ()
    #: Second line of a board card, joined by « · ».
    board_subtitle: tuple[str, ...] = ()
    #: Money or number field shown on cards and summed per column; "" when there is none.
    board_sum: str = ""

    @property
    def sections(self) -> tuple[CardSection, ...]:
        """The sections of all tabs, in order; a section's place on the card counts over the tabs."""
        return tuple(section for tab in self.card for section in tab.sections)

    @property
    def conditions(self) -> tuple[tuple[Node, ...], ...]:
        """For each section, in order: what must hold so that it is shown, its own condition and its tab's."""
        return tuple(
            tuple(node for node in (tab.visible_when, section.visible_when) if node is not None)
            for tab in self.card
            for section in tab.sections
        )

    @property
    def card_codes(self) -> tuple[str, ...]:
        """Everything that the card shows, in order."""
        return tuple(code for section in self.sections for code in section.fields)
