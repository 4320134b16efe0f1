"""Settings that a kind takes per field, checked when a field is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from trassa.schema.errors import ValueRefused


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, its default (which also gives the type) and its bounds."""

    name: str
    default: bool | int | str
    label: str | Promise
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    #: Words that may stand in the text, separated by commas.
    several: tuple[str, ...] = ()

    def check(self, value: Any) -> bool | int | str:
        """The value, when it has the type and bounds of this setting; raises ValueRefused."""
        if type(value) is not type(self.default):
            raise ValueRefused("invalid_setting", _("Setting “%s” has another type of value.") % self.name)
        if self.choices and value not in self.choices:
            known = ", ".join(self.choices)
            raise ValueRefused("invalid_setting", _("Setting “%s” is one of: %s.") % (self.name, known))
        if self.several and not {word.strip() for word in str(value).split(",") if word.strip()} <= {
            *self.several
        }:
            known = ", ".join(self.several)
            raise ValueRefused("invalid_setting", _("Setting “%s” is made of: %s.") % (self.name, known))
        size = len(value) if isinstance(value, str) else value
        if not (self.minimum if self.minimum is not None else size) <= size:
            raise ValueRefused("invalid_setting", _("Setting “%s” is too small.") % self.name)
        if not size <= (self.maximum if self.maximum is not None else size):
            raise ValueRefused("invalid_setting", _("Setting “%s” is too large.") % self.name)
        return self.default.__class__(value)


def check_settings(known: Sequence[Setting], given: Mapping[str, Any]) -> dict[str, bool | int | str]:
    """The given settings, each known and within its bounds; raises ValueRefused."""
    by_name = {setting.name: setting for setting in known}
    for name in given:
        if name not in by_name:
            raise ValueRefused("unknown_setting", _("This kind of field has no setting “%s”.") % name)
    return {name: by_name[name].check(value) for name, value in given.items()}


def default_settings(known: Sequence[Setting]) -> dict[str, bool | int | str]:
    """What a field has when its settings say nothing."""
    return {setting.name: setting.default for setting in known}
