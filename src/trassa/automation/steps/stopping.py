"""The step behind which nothing follows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.checking import Checking
from trassa.automation.types import Flight, Settings, StepKind
from trassa.schema.types import TypeSpec


def check(settings: Settings, checking: Checking) -> Settings:
    return settings


def in_words(settings: Settings, spec: TypeSpec) -> str:
    return _("Stop")


def carry_out(settings: Settings, flights: Sequence[Flight]) -> None:
    for flight in flights:
        flight.tell()
        flight.stop()


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    return _("Stopped")


KIND = StepKind(gettext_lazy("Stop"), "x", Settings, check, in_words, carry_out, told)
