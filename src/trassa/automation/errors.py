"""What a person may get wrong in a rule."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from trassa.automation.types import RuleFault
from trassa.kernel import FieldError, Invalid


class RuleRefused(Invalid):
    """The rule cannot be carried out like this; `faults` say what is wrong where."""

    code = "invalid_rule"

    def __init__(self, faults: Sequence[RuleFault]) -> None:
        errors = [FieldError(".".join(map(str, each.place)), "invalid", each.message) for each in faults]
        message = str(faults[0]) if len(faults) == 1 else _("Some parts of the rule need your attention.")
        super().__init__(message, errors=errors)
        self.faults = tuple(faults)
