"""Three-way merge of plain JSON values: what the last apply wrote, what is installed, what the pack wants.

Local changes stay, changes of the pack come in, and what both changed differently is a conflict. Lists
of things with codes are merged by code, lists of codes element by element. What is installed is never
left out of the result, except layouts, sections, menu groups and conditions that the pack has given up,
because no data hang on them, and except when a rollback takes back what a version brought (`removing`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from trassa.solutions.documents import Place

Side = Literal["pack", "local"]

#: Lists of things that no data hang on: what the pack gives up goes. All others only leave on purpose.
_PASSING = frozenset({"card", "cards", "tabs", "sections", "enter_when", "menu"})
#: Lists of codes and names that are merged element by element; others are values as a whole.
_GATHERED = frozenset({"requires", "fields", "list", "subtitle", "entries", "hidden"})


class Gap(Enum):
    """Stands where there is no value; None is a value."""

    #: The thing is not there.
    ABSENT = "absent"
    #: Nobody knows what was there: the pack was never applied.
    UNKNOWN = "unknown"


ABSENT = Gap.ABSENT
UNKNOWN = Gap.UNKNOWN


@dataclass(frozen=True, slots=True)
class Difference:
    """A place whose value changes, or would if both sides agreed. Codes stand for places in lists."""

    place: Place
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Decision:
    """Who wins at a place. `spoken` tells a decision about this very place from one about everything."""

    side: Side
    spoken: bool


def undecided(place: Place) -> Decision | None:
    """Nobody has decided anything."""
    return None


@dataclass(slots=True)
class Merge:
    """Collects what happens while values are merged."""

    #: Who wins where both sides changed the same value; None makes it a conflict.
    decide: Callable[[Place], Decision | None] = undecided
    #: Take away what the base knows and the wanted state does not: the way back of a version.
    removing: bool = False
    changes: list[Difference] = field(default_factory=list)
    conflicts: list[Difference] = field(default_factory=list)
    #: Differences that stay because somebody here wanted them.
    kept: list[Difference] = field(default_factory=list)
    #: What the pack once brought and no longer names; it stays installed.
    dropped: list[Difference] = field(default_factory=list)

    def merge(self, base: Any, installed: Any, wanted: Any, place: Place = ()) -> Any:
        """The value that shall be installed."""
        if installed == wanted:
            return installed
        if installed is ABSENT:
            return self._add(base, wanted, place)
        if isinstance(installed, Mapping) and isinstance(wanted, Mapping):
            return self._merge_mapping(base, installed, wanted, place)
        if _has_keys(installed) and _has_keys(wanted) and (installed or wanted):
            return self._merge_keyed(base, installed, wanted, place)
        if _is_gathered(place) and _has_words(installed) and _has_words(wanted):
            return self._gather(base, installed, wanted, place)
        return self._choose(base, installed, wanted, place)

    def _merge_mapping(
        self, base: Any, installed: Mapping[str, Any], wanted: Mapping[str, Any], place: Place
    ) -> dict[str, Any]:
        merged = dict(installed)
        for key in dict.fromkeys([*installed, *wanted]):
            here, there = installed.get(key, ABSENT), wanted.get(key, ABSENT)
            merged[key] = self.merge(_part(base, key), here, there, (*place, key))
        return {key: value for key, value in merged.items() if value is not ABSENT}

    def _add(self, base: Any, wanted: Any, place: Place) -> Any:
        """Something that is not installed: new, or removed here since the last apply."""
        decision = self.decide(place)
        if not isinstance(base, Gap) and (decision is None or decision != Decision("pack", spoken=True)):
            self.kept.append(Difference(place, ABSENT, wanted))
            return ABSENT
        self.changes.append(Difference(place, ABSENT, wanted))
        return wanted

    def _choose(self, base: Any, installed: Any, wanted: Any, place: Place) -> Any:
        decision = self.decide(place)
        both_changed = base is not UNKNOWN and base not in (installed, wanted)
        if both_changed and decision is None:
            self.conflicts.append(Difference(place, installed, wanted))
            return installed
        wins: Side = "local" if base == wanted else "pack"
        if decision is not None and (both_changed or decision.spoken):
            wins = decision.side
        (self.changes if wins == "pack" else self.kept).append(Difference(place, installed, wanted))
        return wanted if wins == "pack" else installed

    def _merge_keyed(
        self, base: Any, installed: Sequence[Any], wanted: Sequence[Any], place: Place
    ) -> list[Any]:
        older = _by_key(base) if _has_keys(base) else {}
        missing = UNKNOWN if base is UNKNOWN else ABSENT
        here, there = _by_key(installed), _by_key(wanted)
        merged: dict[str, Any] = {}
        for key, item in there.items():
            value = self.merge(older.get(key, missing), here.get(key, ABSENT), item, (*place, key))
            if value is not ABSENT:
                merged[key] = value
        for key, item in here.items():
            if key not in there and not self._takes_away(older.get(key, ABSENT), item, (*place, key)):
                merged[key] = item
        present = [key for key in there if key in merged]
        order = self._order(list(older), [key for key in here if key in merged], present, place)
        return [merged[key] for key in order]

    def _takes_away(self, older: Any, item: Any, place: Place) -> bool:
        """Whether something that `wanted` does not name goes."""
        if older is ABSENT:
            return False
        passing = len(place) > 1 and place[-2] in _PASSING
        if self.removing or (passing and older == item):
            self.changes.append(Difference(place, item, ABSENT))
            return True
        self.dropped.append(Difference(place, item, ABSENT))
        return False

    def _gather(self, base: Any, installed: Sequence[str], wanted: Sequence[str], place: Place) -> list[str]:
        """A list of codes: what either side added is there, what either side took away is not."""
        older = list(base) if _has_words(base) else []
        decision = self.decide(place)
        if decision is not None and decision.spoken:
            merged = list(wanted if decision.side == "pack" else installed)
        else:
            stay = [each for each in installed if each in wanted or each not in older]
            come = [each for each in wanted if each in installed or each not in older]
            merged = self._order(older, stay, come, place, quiet=True)
        if merged != installed:
            self.changes.append(Difference(place, list(installed), merged))
        else:
            self.kept.append(Difference(place, list(installed), list(wanted)))
        return merged

    def _order(
        self, base: list[str], here: list[str], there: list[str], place: Place, *, quiet: bool = False
    ) -> list[str]:
        """The order of the pack with local extras behind their neighbours, unless it was changed here."""
        common = set(here) & set(there)
        ours, theirs = [c for c in here if c in common], [c for c in there if c in common]
        before = [c for c in base if c in common]
        if ours == theirs:
            return _insert(here, there)
        kept = len(before) == len(common) and before == theirs
        decision = self.decide((*place, "order"))
        if len(before) == len(common) and before not in (ours, theirs) and not quiet:
            if decision is None:
                self.conflicts.append(Difference((*place, "order"), ours, theirs))
            kept = decision is None or decision.side == "local"
        if kept:
            return _insert(here, there)
        if not quiet:
            self.changes.append(Difference((*place, "order"), ours, theirs))
        return _insert(there, here)


def _part(base: Any, key: str) -> Any:
    """What the base knows of a part of something."""
    if isinstance(base, Mapping):
        return base.get(key, ABSENT)
    return UNKNOWN if base is UNKNOWN else ABSENT


def _insert(order: Sequence[str], others: Sequence[str]) -> list[str]:
    """`order` with those of `others` that it lacks, each behind the one it follows there."""
    result = list(order)
    for index, key in enumerate(others):
        if key not in result:
            result.insert(result.index(others[index - 1]) + 1 if index else 0, key)
    return result


def key_of(item: Mapping[str, Any]) -> str | None:
    """What identifies a thing in a list: its code, that of a tab, or the name of a section."""
    for name in ("code", "tab"):
        if item.get(name):
            return str(item[name])
    label = item.get("label")
    return str(label["ru"]) if isinstance(label, Mapping) and "fields" in item else None


def _has_keys(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) and key_of(item) for item in value)


def _by_key(items: Sequence[Any]) -> dict[str, Any]:
    return {str(key_of(item)): item for item in items}


def _has_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_gathered(place: Place) -> bool:
    return bool(place) and place[-1] in _GATHERED
