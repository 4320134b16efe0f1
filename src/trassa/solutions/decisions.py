"""Who wins where this installation and a pack disagree: for everything, or place by place.

    --take pack                    the pack wins every conflict
    --take local:car.price         what was changed here about the field stays
    --take pack:car.price.label    the pack's label, also where only this side changed it

A decision about a place covers everything in it; the longest place wins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from trassa.kernel import Invalid
from trassa.solutions.merging import Decision, Side

_SIDES: Mapping[str, Side] = {"pack": "pack", "local": "local"}


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions by address: the codes on the way to a thing, then its attribute, "car.price.label.ru"."""

    everything: Side | None = None
    places: Mapping[str, Side] = field(default_factory=dict)
    #: Fields ("car.phone") whose values are left empty where they do not fit a new kind.
    emptied: frozenset[str] = frozenset()
    #: Whether somebody decides in the browser, where the options of the command line help nobody.
    in_browser: bool = False

    def at(self, address: str) -> Decision | None:
        """What was decided about an address, or about what it lies in."""
        found = [place for place in self.places if is_within(address, place)]
        if found:
            return Decision(self.places[max(found, key=len)], spoken=True)
        return None if self.everything is None else Decision(self.everything, spoken=False)

    def refuse_idle(self, addresses: Iterable[str]) -> None:
        """Raise Invalid for a decision about a place where nothing differs: most likely a slip."""
        met = list(addresses)
        idle = [place for place in self.places if not any(is_within(each, place) for each in met)]
        if idle:
            message = _("There is nothing to decide at %(places)s. The plan names the places.")
            raise Invalid(message % {"places": ", ".join(idle)}, code="nothing_to_decide")


def is_within(address: str, place: str) -> bool:
    return address == place or address.startswith(f"{place}.")


def read_decisions(words: Iterable[str]) -> Decisions:
    """Decisions as the command line gives them; raises Invalid for anything else."""
    everything: Side | None = None
    places: dict[str, Side] = {}
    for word in words:
        name, colon, place = word.partition(":")
        side = _SIDES.get(name)
        if side is None or bool(colon) != bool(place):
            message = _("“%(word)s” decides nothing. Write pack, local, pack:place or local:place.")
            raise Invalid(message % {"word": word}, code="invalid_decision")
        if place:
            places[place] = side
        else:
            everything = side
    return Decisions(everything, places)
