"""Changes of layouts: card, list and board of a type."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from trassa.expressions import to_json
from trassa.schema.actions.codes import refuse, words_of
from trassa.schema.actions.ledger import Ledger, by_code
from trassa.schema.actions.record_types import find_type
from trassa.schema.models import Field, Layout
from trassa.schema.registries import field_kinds
from trassa.schema.types import Layouts

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
        card = [
            {
                "label": words_of(section.label),
                "fields": stored_items(section.fields, fields),
                **({"visible_when": to_json(section.visible_when)} if section.visible_when else {}),
            }
            for section in layouts.card
        ]
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
