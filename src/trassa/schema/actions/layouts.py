"""Changes of layouts: card, list and board of a type."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from trassa.expressions import Node, to_json
from trassa.people.queries import get_role
from trassa.schema.actions.codes import check_code, check_label, check_once, refuse, words_of
from trassa.schema.actions.drafts import CardDraft
from trassa.schema.actions.ledger import Ledger, by_code
from trassa.schema.actions.record_types import find_type
from trassa.schema.models import Field, Layout, Stage
from trassa.schema.registries import field_kinds
from trassa.schema.types import CardTab, Layouts

#: Base columns that layouts may show.
SHOWN_BASE_COLUMNS = (
    "number",
    "title",
    "pipeline",
    "stage",
    "stage_entered_at",
    "stage_due_at",
    "reason",
    "owner",
    "department",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
)


class LayoutActions(Ledger):
    """The part of a schema change that is about layouts."""

    def save_layouts(self, type: str, layouts: Layouts) -> None:
        """Make a type's layouts these; fields stand as codes and must exist. Its further cards stay."""
        owner = find_type(type)
        fields = by_code(Field.objects.filter(type=owner, retired_at=None))
        row = Layout.objects.filter(type=owner).first() or Layout(type=owner)
        check_card(layouts.card)
        card = [stored_tab(tab, fields) for tab in layouts.card]
        changed = self.assign(
            row,
            {
                "card": card,
                "list_columns": stored_items(layouts.list_columns, fields),
                "board_subtitle": stored_items(layouts.board_subtitle, fields),
                "board_sum_id": board_sum_id(layouts.board_sum, fields),
            },
        )
        self._save_layout(row, changed)

    def save_cards(self, type: str, cards: Iterable[CardDraft]) -> None:
        """Make these the further layouts of a type's card, in this order."""
        owner = find_type(type)
        fields = by_code(Field.objects.filter(type=owner, retired_at=None))
        known = Stage.objects.filter(pipeline__type=owner, retired_at=None, pipeline__retired_at=None)
        stages = {
            (pipeline, code): id for id, pipeline, code in known.values_list("id", "pipeline__code", "code")
        }
        row = Layout.objects.filter(type=owner).first() or Layout(type=owner)
        cards = list(cards)
        check_once(card.code for card in cards)
        stored = [stored_card(card, fields, stages) for card in cards]
        self._save_layout(row, self.assign(row, {"cards": stored}))

    def _save_layout(self, row: Layout, changed: dict[str, Any]) -> None:
        if changed or not row.pk:
            row.save()
            self.touched.add(row.type_id)
            self.note("type", row.type_id, "layout", changed)


def stored_card(
    card: CardDraft, fields: dict[str, Any], stages: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """A further layout as the row of layouts keeps it; raises Invalid when it cannot be used."""
    check_code(card.code)
    label = check_label(card.label)
    check_card(card.tabs)
    if not card.roles and not card.stages:
        refuse("layout", "for_nobody", _("Say for which roles or stages “%s” is meant.") % card.label)
    if any(stage not in stages for stage in card.stages):
        refuse("layout", "unknown_stage", _("“%s” is for a stage that this type does not have.") % card.label)
    parts: list[Any] = [*card.tabs, *(section for tab in card.tabs for section in tab.sections)]
    if any(part.visible_when is not None for part in parts):
        refuse("layout", "condition", _("Conditions stand with fields and on the type's own card."))
    return {
        "code": card.code,
        "label": label,
        "tabs": [stored_tab(tab, fields) for tab in card.tabs],
        "roles": [get_role(code).id for code in card.roles],
        "stages": [stages[stage] for stage in card.stages],
    }


def check_card(tabs: tuple[CardTab, ...]) -> None:
    """Raise Invalid unless tabs have codes and names, and every field stands once on the card."""
    check_once(tab.code for tab in tabs)
    for tab in tabs:
        check_code(tab.code)
        if len(tabs) > 1:
            check_label(tab.label)
        if any(section.columns not in (1, 2) for section in tab.sections):
            refuse("layout", "columns", _("A section of a card has one column or two."))
    codes = [code for tab in tabs for section in tab.sections for code in section.fields]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        refuse("layout", "twice", _("These fields stand twice on the card: %s.") % ", ".join(twice))


def stored_tab(tab: CardTab, fields: dict[str, Any]) -> dict[str, Any]:
    """A tab as the row of layouts keeps it."""
    sections = [
        {
            "label": words_of(section.label),
            "fields": stored_items(section.fields, fields),
            "columns": section.columns,
            **stored_condition(section.visible_when),
        }
        for section in tab.sections
    ]
    stored = {"code": tab.code, "label": words_of(tab.label), "sections": sections}
    return stored | stored_condition(tab.visible_when)


def stored_condition(condition: Node | None) -> dict[str, Any]:
    """When a part of the card is shown, unless always."""
    return {"visible_when": to_json(condition)} if condition else {}


def stored_items(codes: tuple[str, ...], fields: dict[str, Any]) -> list[int | str]:
    """Ids of fields and names of base columns, so that renaming a field touches no layout."""
    items: list[int | str] = []
    for code in dict.fromkeys(codes):
        if code in fields:
            items.append(fields[code].id)
        elif code in SHOWN_BASE_COLUMNS:
            items.append(code)
        else:
            refuse(
                "layout", "unknown_field", _("The layout shows “%s”, which this type does not have.") % code
            )
    return items


def board_sum_id(code: str, fields: dict[str, Any]) -> int | None:
    """The field that boards add up; raises Invalid when it cannot be."""
    if not code:
        return None
    field = fields.get(code)
    if field is None or not field_kinds.get(field.kind).summable:
        refuse("layout", "not_summable", _("The board can add up money and numbers only, not “%s”.") % code)
    return int(field.id) if field else None
