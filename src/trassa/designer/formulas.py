"""Expressions of a draft: kept as files write them, by codes, and shown with the names that people know.

What is no expression yet stays as it was typed; the plan says what is wrong with it.
"""

from functools import cached_property

from trassa.designer.queries import sketch_of
from trassa.designer.types import DraftState
from trassa.expressions import ExpressionRefused, Style, read, write
from trassa.records.queries import reader_style
from trassa.schema.queries import SchemaScope


class Formulas:
    """Spellings of expressions about the records of a draft."""

    def __init__(self, draft: DraftState) -> None:
        self._draft = draft

    def kept(self, text: str) -> str:
        """As drafts keep it."""
        return self._spell(text, "codes") if text.strip() else ""

    def shown(self, text: str | None) -> str:
        """As the person reads it; "" without one."""
        return self._spell(text, reader_style()) if text else ""

    @cached_property
    def _scope(self) -> SchemaScope:
        return SchemaScope(sketch_of(self._draft))

    def _spell(self, text: str, style: Style) -> str:
        type_id = self._scope.generation.types[self._draft.code].id
        try:
            return write(read(text, self._scope, type_id), self._scope, type_id, style)
        except ExpressionRefused:
            return text
