"""Choice: one of the field's options. The value is the option's id; JSON carries its code."""

from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.references import Reference
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names, OptionSpec

#: How alike a misspelt label must be to a known one, from 0 to 1.
_NEAR = 0.75


class Choice(Reference):
    code = "choice"
    label = gettext_lazy("Choice")
    icon = "selector"
    expression = Kind.OPTION
    offered = ("in",)
    with_options = True

    def target(self, field: FieldSpec) -> str:
        return "schema.Option"

    def references(self, field: FieldSpec) -> str | None:
        return "schema_option"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        return None if raw is None or raw == "" else option_of_code(raw, field).id

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        """Conditions may name retired options, too: records still have them."""
        options = tuple(replace(option, retired=False) for option in field.options)
        return super().parse_operand(operation, raw, replace(field, options=options), lookups)

    def parse_form(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        code = raw if isinstance(raw, str) else "".join(raw[-1:])
        return self.parse(code, field, lookups)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        return option_of_label(text, field).id if text.strip() else None

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return option_code(value, field)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        codes = [option.code for option in active_options(field)]
        return {"type": ["string", "null"], "description": ", ".join(codes)}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("select", choices=option_choices(field))

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return option_code(value, field) or ""

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return option_label(value, field)


def active_options(field: FieldSpec) -> tuple[OptionSpec, ...]:
    return tuple(option for option in field.options if not option.retired)


def option_choices(field: FieldSpec) -> tuple[tuple[str, Any], ...]:
    return tuple((option.code, option.label) for option in active_options(field))


def option_of_code(code: Any, field: FieldSpec) -> OptionSpec:
    """The option of this code; raises ValueRefused with the codes there are."""
    for option in field.options:
        if option.code == code and not option.retired:
            return option
    known = ", ".join(option.code for option in active_options(field))
    raise ValueRefused("unknown_option", _("Choose one of: %s.") % known)


def option_of_label(text: str, field: FieldSpec) -> OptionSpec:
    """The option that a spreadsheet means: its label in either language, or its code.

    A misspelt one is never guessed, only suggested.
    """
    wanted = folded(text)
    spellings = {
        spelling: option
        for option in reversed(active_options(field))
        for spelling in (option.code, folded(option.label.en), folded(option.label.ru))
        if spelling
    }
    if wanted in spellings:
        return spellings[wanted]
    if near := get_close_matches(wanted, spellings, n=1, cutoff=_NEAR):
        message = _("There is no “%(given)s”; did you mean “%(known)s”?")
        message %= {"given": text.strip()[:80], "known": spellings[near[0]].label}
        raise ValueRefused("unknown_option", message)
    known = ", ".join(str(option.label) for option in active_options(field))
    raise ValueRefused("unknown_option", _("Choose one of: %s.") % known)


def folded(text: str) -> str:
    """A label without case, double spaces and the difference of е and ё."""
    return " ".join(text.casefold().replace("ё", "е").split())


def option_code(id: int | None, field: FieldSpec) -> str | None:
    option = field.find_option(id) if id is not None else None
    return option.code if option else None


def option_label(id: int | None, field: FieldSpec) -> str:
    option = field.find_option(id) if id is not None else None
    return str(option.label) if option else ""
