"""Changes of layouts: card, list and board of a type."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from trassa.expressions import Node, to_json
from trassa.schema.actions.codes import check_code, check_label, check_once, refuse, words_of
from trassa.schema.actions.ledger import Ledger, by_code
from trassa.schema.actions.record_types import find_type
from trassa.schema.models import Field, Layout
from trassa.schema.registries import field_kinds
from trassa.schema.types import CardTab, Layouts

#: Base columns that layouts may show.
SHOWN_BASE_COLUMNS = (
    "number",
    "title",
    "pipeline",
    "stage",
    "stage_entered_at",
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
        """Make a type's layouts these; fields stand as codes and must exist."""
        owner = find_type(type)
        fields = by_code(Field.objects.filter(type=owner, retired_at=None))
        row = Layout.objects.filter(type=owner).first() or Layout(type=owner)
        check_card(layouts)
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
        if changed or not row.pk:
            row.save()
            self.touched.add(owner.id)
            self.note("type", owner.id, "layout", changed)


def check_card(layouts: Layouts) -> None:
    """Raise Invalid unless tabs have codes and names, and every field stands once on the card."""
    check_once(tab.code for tab in layouts.card)
    for tab in layouts.card:
        check_code(tab.code)
        if len(layouts.card) > 1:
            check_label(tab.label)
        if any(section.columns not in (1, 2) for section in tab.sections):
            refuse("layout", "columns", _("A section of a card has one column or two."))
    codes = layouts.card_codes
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
