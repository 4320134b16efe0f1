"""Compares a pack with the installed configuration and says the difference in words.

The comparison is a three-way merge with the content of the last apply. It takes nothing away that is
installed, except rights which the pack itself brought and has withdrawn, and what the pack retires by name.
The way back of a version is the same comparison: from what it left to what it found, `removing`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from trassa.schema.registries import field_kinds
from trassa.solutions import words
from trassa.solutions.decisions import Decisions
from trassa.solutions.expressions import broken_expressions
from trassa.solutions.facts import Facts, Nothing
from trassa.solutions.format import (
    SECTIONS,
    Configuration,
    DepartmentEntry,
    Entry,
    FieldEntry,
    PackEntry,
    PipelineEntry,
    RetiredEntry,
    RoleEntry,
    TypeEntry,
)
from trassa.solutions.grants import merge_grants
from trassa.solutions.merging import ABSENT, UNKNOWN, Decision, Difference, Merge
from trassa.solutions.plans import Plan, PlannedConversion, Step
from trassa.solutions.retiring import find_obstacles, retired_part, without, without_loose_ends

E = TypeVar("E", DepartmentEntry, TypeEntry, PipelineEntry, RoleEntry)

#: What is fixed when a thing is created; a pack that changes it must use another code.
_FIXED = {("field", "kind"), ("field", "target"), ("field", "shows"), ("pipeline", "type")}
_EMPTY = Configuration()


@dataclass(slots=True)
class _Comparison:
    """Everything found so far."""

    facts: Facts
    decisions: Decisions
    removing: bool
    wanted: Configuration
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    #: Where anything differs: only there a decision makes sense.
    addresses: list[str] = field(default_factory=list)
    conversions: list[PlannedConversion] = field(default_factory=list)

    def merge_of(self, code: str) -> Merge:
        """A merge of one entry, with the decisions about it."""

        def decide(place: tuple[str | int, ...]) -> Decision | None:
            return self.decisions.at(words.whole_address(code, place))

        return Merge(decide, removing=self.removing)

    def add(self, section: str, code: str, merge: Merge) -> None:
        """Put what a merge found into words."""
        for change in merge.changes:
            self._add_change(section, code, change)
        in_browser = self.decisions.in_browser
        self.conflicts += [
            words.describe_conflict(section, code, each, in_browser=in_browser) for each in merge.conflicts
        ]
        self.notes += [words.describe_kept(section, code, each) for each in merge.kept]
        self.notes += [words.describe_dropped(section, code, each) for each in merge.dropped]
        found = (*merge.changes, *merge.conflicts, *merge.kept)
        self.addresses += [words.whole_address(code, each.place) for each in found]

    def _add_change(self, section: str, code: str, change: Difference) -> None:
        noun, attribute = words.noun_of(section, change.place)
        if (noun, attribute) == ("field", "kind") and self._add_conversion(section, code, change):
            return
        if (noun, attribute) in _FIXED:
            self.conflicts.append(words.describe_fixed(section, code, change))
            return
        if change.before is ABSENT and noun == "field" and not attribute:
            self._refuse_other_kind(words.address_of(code, change.place), change.after)
        step = words.describe_change(section, code, change, self.facts)
        if (noun, attribute) == ("field", "formula") and change.after and not change.before:
            typed = self.facts.count("field", words.address_of(code, change.place))
            step = replace(step, words=words.with_typed(step.words, typed))
        self.steps.append(step)

    def _add_conversion(self, section: str, code: str, change: Difference) -> bool:
        """A field that changes its kind in place; False when it cannot."""
        address = words.address_of(code, change.place)
        wanted = self.wanted.find(RetiredEntry(type=code, field=address.rpartition(".")[2]))
        if not isinstance(wanted, FieldEntry):
            return False
        conversion = self.facts.conversion(address, change.before, wanted)
        if conversion is None:
            return False
        emptying = address in self.decisions.emptied and bool(conversion.unfit)
        step = words.describe_change(section, code, change, self.facts)
        told = words.with_conversion(step.words, conversion, emptying=emptying)
        self.steps.append(replace(step, words=told))
        self.conversions.append(PlannedConversion(code, wanted.code, change.before, conversion, emptying))
        if conversion.unfit and not emptying:
            self.obstacles.append(
                words.describe_undecided(wanted.label, conversion)
                if self.decisions.in_browser
                else words.describe_unfit(address, conversion)
            )
        if emptying and wanted.required:
            self.obstacles.append(words.describe_emptied(wanted.label))
        return True

    def _refuse_other_kind(self, address: str, wanted: Mapping[str, Any]) -> None:
        """A retired field comes back as what it was or not at all."""
        known = self.facts.retired_field(address)
        if known is not None and (known.kind, known.target) != (wanted["kind"], wanted["target"]):
            self.conflicts.append(words.describe_other_kind(address, known.kind))


def compare(
    about: PackEntry,
    wanted: Configuration,
    installed: Configuration,
    base: Configuration | None,
    *,
    extended: Configuration = _EMPTY,
    facts: Facts | None = None,
    decisions: Decisions | None = None,
    installed_version: str = "",
    removing: bool = False,
) -> Plan:
    """The plan that brings `wanted` into `installed`; `base` is what the last apply wanted.

    Before an extension is applied, its base are the things that it extends (`extended`).

    With `removing` things that only `base` and `installed` have are retired: `base` is then what a version
    left behind and `wanted` what it found.
    """
    comparison = _Comparison(facts or Nothing(), decisions or Decisions(), removing, wanted)
    here, target = {}, {}
    for section in SECTIONS:
        here[section], target[section] = _compare_section(
            comparison,
            section,
            base=_by_code(extended.things(section)) | _by_code((base or _EMPTY).things(section)),
            known=base is not None,
            installed=_by_code(installed.things(section)),
            wanted=_by_code(wanted.things(section)),
        )
    before = installed.part(here)
    after = Configuration(**target)
    gone = _chosen_tombstones(comparison, wanted.retired, installed, base)
    before, after = retired_part(gone, installed, before, after)
    comparison.steps += [_retirement(comparison, each, installed) for each in gone]
    retired = {words.describe_dropped_at(each.named[-1], ".".join(each.codes)) for each in gone}
    after = without(gone, after)
    whole = installed.replaced(before, after)
    after = without_loose_ends(after, whole)
    obstacles = [*comparison.obstacles, *find_obstacles(before, after, whole, comparison.facts, gone)]
    if gone or removing:
        broken = broken_expressions(installed, installed.replaced(before, after))
        obstacles += [words.describe_broken(fault) for fault in broken]
    return Plan(
        about=about,
        installed_version=installed_version,
        steps=tuple(comparison.steps),
        notes=tuple(note for note in comparison.notes if note not in retired),
        conflicts=tuple(comparison.conflicts),
        obstacles=tuple(obstacles),
        installed=before,
        target=after,
        wanted=wanted,
        addresses=tuple(comparison.addresses),
        conversions=tuple(comparison.conversions),
    )


def _by_code(entries: Iterable[E]) -> dict[str, E]:
    return {entry.code: entry for entry in entries}


def _compare_section(
    comparison: _Comparison,
    section: str,
    *,
    base: Mapping[str, E],
    known: bool,
    installed: Mapping[str, E],
    wanted: Mapping[str, E],
) -> tuple[set[str], tuple[E, ...]]:
    """Codes of what the plan speaks of in this section, and what these things shall be."""
    target: list[E] = []
    for code, entry in wanted.items():
        merged = _merge_entry(comparison, section, base.get(code), installed.get(code), entry, known=known)
        if merged is not None:
            target.append(merged)
    gone = [code for code in base if code not in wanted and code in installed]
    for code in gone:
        left = Difference((), plain(installed[code]), ABSENT)
        if comparison.removing:
            comparison.steps.append(words.describe_change(section, code, left, comparison.facts))
        else:
            comparison.notes.append(words.describe_dropped(section, code, left))
    return set(wanted) | set(gone if comparison.removing else ()), tuple(target)


def _merge_entry(
    comparison: _Comparison, section: str, older: E | None, here: E | None, wanted: E, *, known: bool
) -> E | None:
    """One thing as it shall be; None when it was removed here and stays removed."""
    merge = comparison.merge_of(wanted.code)
    merged = merge.merge(
        plain(older) if older else ABSENT if known else UNKNOWN,
        plain(here) if here else ABSENT,
        plain(wanted),
    )
    comparison.add(section, wanted.code, merge)
    if merged is ABSENT:
        return None
    if isinstance(wanted, RoleEntry):
        merged = merged | {"grants": _merge_role(comparison, _as_role(older), _as_role(here), wanted)}
    return type(wanted).model_validate(merged)


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON in its one normal form, so that equal things compare equal."""
    content = entry.model_dump(mode="json")
    if isinstance(entry, RoleEntry):
        del content["grants"]
    if isinstance(entry, TypeEntry):
        content["fields"] = [_plain_field(each) for each in entry.fields]
    return content


def _plain_field(entry: FieldEntry) -> dict[str, Any]:
    content = entry.model_dump(mode="json")
    kind = field_kinds.find(entry.kind)
    defaults = {setting.name: setting.default for setting in kind.settings} if kind else {}
    content["settings"] = {
        name: value for name, value in content["settings"].items() if defaults.get(name, ABSENT) != value
    }
    return content


def _as_role(entry: Entry | None) -> RoleEntry | None:
    return entry if isinstance(entry, RoleEntry) else None


def _merge_role(
    comparison: _Comparison, base: RoleEntry | None, here: RoleEntry | None, wanted: RoleEntry
) -> list[dict[str, Any]]:
    """The grants that the role shall have; what changes about a known role is a step each."""
    merged = merge_grants(base.grants if base and here else (), here.grants if here else (), wanted.grants)
    if here is not None:
        code = wanted.code
        comparison.steps += [words.describe_grant(code, grant, "add") for grant in merged.added]
        comparison.steps += [words.describe_grant(code, grant, "remove") for grant in merged.removed]
    return [grant.model_dump(mode="json") for grant in merged.result]


def _chosen_tombstones(
    comparison: _Comparison,
    tombstones: Iterable[RetiredEntry],
    installed: Configuration,
    base: Configuration | None,
) -> list[RetiredEntry]:
    """What the pack retires and is still in use; what was restored here since the last apply stays."""
    known = {entry.codes: entry for entry in (base.retired if base else ())}
    chosen = []
    for entry in tombstones:
        if installed.find(entry) is None:
            continue
        address = ".".join(entry.codes)
        comparison.addresses.append(address)
        decision = comparison.decisions.at(address)
        stays = entry.codes in known if decision is None or not decision.spoken else decision.side == "local"
        if stays:
            comparison.notes.append(words.describe_restored(entry.named[-1], address))
        else:
            chosen.append(entry)
    return chosen


def _retirement(comparison: _Comparison, entry: RetiredEntry, installed: Configuration) -> Step:
    found = installed.find(entry)
    content = {} if found is None else found.model_dump(mode="json")
    step = words.describe_retirement(entry.named[-1], ".".join(entry.codes), content, comparison.facts)
    if not entry.successor:
        return step
    return replace(step, words=words.with_successor(step.words, entry.successor))
