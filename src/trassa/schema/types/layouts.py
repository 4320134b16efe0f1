"""How records of a type are shown: tabs and sections of a card, columns of a list, lines of a board card."""

from collections.abc import Collection
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
class CardLayout:
    """A further arrangement of the card, for people who hold a role, for records on a stage, or for both.

    It arranges only: conditions stand with the fields and on the type's own card, and what they hide is
    hidden here as well. What it leaves out stays reachable below it.
    """

    code: str
    label: Label
    tabs: tuple[CardTab, ...]
    #: Ids of roles, any of which opens it; empty: whoever looks.
    role_ids: tuple[int, ...] = ()
    #: Ids of stages on which it applies; empty: wherever the record is.
    stage_ids: tuple[int, ...] = ()

    def fits(self, role_ids: Collection[int], stage_id: int | None) -> bool:
        """Whether it is meant for somebody with these roles and a record on this stage."""
        return (not self.role_ids or any(id in role_ids for id in self.role_ids)) and (
            not self.stage_ids or stage_id in self.stage_ids
        )

    @property
    def rank(self) -> int:
        """How exactly it says for what it is: for a role and a stage 3, for a role 2, for a stage 1."""
        return 2 * bool(self.role_ids) + bool(self.stage_ids)

    @property
    def sections(self) -> tuple[CardSection, ...]:
        return tuple(section for tab in self.tabs for section in tab.sections)


@dataclass(frozen=True, slots=True)
class Layouts:
    """How records of a type are shown. Codes of fields, and of base columns such as `owner`."""

    #: The type's own card, for everybody for whom no further layout is meant.
    card: tuple[CardTab, ...] = ()
    #: Further layouts of the card, in their order.
    cards: tuple[CardLayout, ...] = ()
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

    def choose_card(self, role_ids: Collection[int], stage_id: int | None) -> CardLayout | None:
        """The further layout that applies, None when it is the type's own card.

        The one that says most exactly for what it is: for role and stage, then for a role, then for a stage;
        of equals the first in order, whichever of several roles it is for.
        """
        fitting = [each for each in self.cards if each.fits(role_ids, stage_id)]
        return max(fitting, key=lambda each: each.rank, default=None)

    @property
    def card_codes(self) -> tuple[str, ...]:
        """Everything that the card shows, in order."""
        return tuple(code for section in self.sections for code in section.fields)
