"""Three-way merge of plain JSON values: what the last apply wrote, what is installed, what the pack wants.

Local changes stay, changes of the pack come in, and what both changed differently is a conflict. Lists
of things with codes are merged by code; nothing that is installed is ever left out of the result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from trassa.solutions.documents import Place

Side = Literal["pack", "local"]


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


@dataclass(slots=True)
class Merge:
    """Collects what happens while values are merged."""

    #: Who wins where both sides changed the same value; None makes it a conflict.
    take: Side | None = None
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
            keys = dict.fromkeys([*installed, *wanted])
            merged = {
                key: self.merge(
                    _part(base, key), installed.get(key, ABSENT), wanted.get(key, ABSENT), (*place, key)
                )
                for key in keys
            }
            return {key: value for key, value in merged.items() if value is not ABSENT}
        if _has_codes(installed) and _has_codes(wanted) and (installed or wanted):
            return self._merge_coded(base, installed, wanted, place)
        return self._choose(base, installed, wanted, place)

    def _add(self, base: Any, wanted: Any, place: Place) -> Any:
        """Something that is not installed: new, or removed here since the last apply."""
        if not isinstance(base, Gap):
            self.kept.append(Difference(place, ABSENT, wanted))
            return ABSENT
        self.changes.append(Difference(place, ABSENT, wanted))
        return wanted

    def _choose(self, base: Any, installed: Any, wanted: Any, place: Place) -> Any:
        if base is UNKNOWN or base == installed:
            self.changes.append(Difference(place, installed, wanted))
            return wanted
        if base == wanted:
            self.kept.append(Difference(place, installed, wanted))
            return installed
        if self.take == "pack":
            self.changes.append(Difference(place, installed, wanted))
            return wanted
        if self.take is None:
            self.conflicts.append(Difference(place, installed, wanted))
        else:
            self.kept.append(Difference(place, installed, wanted))
        return installed

    def _merge_coded(
        self, base: Any, installed: Sequence[Any], wanted: Sequence[Any], place: Place
    ) -> list[Any]:
        older = _by_code(base) if _has_codes(base) else {}
        missing = UNKNOWN if base is UNKNOWN else ABSENT
        here, there = _by_code(installed), _by_code(wanted)
        merged: dict[str, Any] = {}
        for code, item in there.items():
            value = self.merge(older.get(code, missing), here.get(code, ABSENT), item, (*place, code))
            if value is not ABSENT:
                merged[code] = value
        for code, item in here.items():
            if code not in there:
                merged[code] = item
                if code in older:
                    self.dropped.append(Difference((*place, code), item, ABSENT))
        order = self._order(list(older), list(here), [code for code in there if code in merged], place)
        return [merged[code] for code in order]

    def _order(self, base: list[str], here: list[str], there: list[str], place: Place) -> list[str]:
        """The order of the pack with local extras behind their neighbours, unless it was changed here."""
        common = set(here) & set(there)
        ours, theirs = [c for c in here if c in common], [c for c in there if c in common]
        before = [c for c in base if c in common]
        if ours == theirs or (len(before) == len(common) and before == theirs):
            return _insert(here, there)
        self.changes.append(Difference((*place, "order"), ours, theirs))
        return _insert(there, here)


def _part(base: Any, key: str) -> Any:
    """What the base knows of a part of something."""
    if isinstance(base, Mapping):
        return base.get(key, ABSENT)
    return UNKNOWN if base is UNKNOWN else ABSENT


def _insert(order: list[str], others: list[str]) -> list[str]:
    """`order` with those of `others` that it lacks, each behind the one it follows there."""
    result = list(order)
    for index, code in enumerate(others):
        if code not in result:
            result.insert(result.index(others[index - 1]) + 1 if index else 0, code)
    return result


def _has_codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) and "code" in item for item in value)


def _by_code(items: Sequence[Any]) -> dict[str, Any]:
    return {item["code"]: item for item in items}
