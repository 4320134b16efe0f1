"""Compares a pack with the installed configuration and says the difference in words.

The comparison is a three-way merge with the content of the last apply. It never removes anything that
is installed, except rights which the pack itself brought and has withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from trassa.schema.registries import field_kinds
from trassa.solutions import words
from trassa.solutions.format import (
    Configuration,
    DepartmentEntry,
    Entry,
    FieldEntry,
    GrantEntry,
    PackEntry,
    PipelineEntry,
    RoleEntry,
    TypeEntry,
)
from trassa.solutions.merging import ABSENT, UNKNOWN, Difference, Merge, Side
from trassa.solutions.plans import Plan, Step

E = TypeVar("E", DepartmentEntry, TypeEntry, PipelineEntry, RoleEntry)

#: What is fixed when a thing is created; a pack that changes it must use another code.
_FIXED = {("field", "kind"), ("field", "target"), ("field", "shows"), ("pipeline", "type")}


@dataclass(slots=True)
class _Comparison:
    """Everything found so far."""

    take: Side | None
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    def add(self, section: str, code: str, merge: Merge) -> None:
        """Put what a merge found into words."""
        for change in merge.changes:
            noun, attribute = words.noun_of(section, change.place)
            if (noun, attribute) in _FIXED:
                self.conflicts.append(words.describe_fixed(section, code, change))
            else:
                self.steps.append(words.describe_change(section, code, change))
        self.conflicts += [words.describe_conflict(section, code, each) for each in merge.conflicts]
        self.notes += [words.describe_kept(section, code, each) for each in merge.kept]
        self.notes += [words.describe_dropped(section, code, each) for each in merge.dropped]


def compare(
    about: PackEntry,
    wanted: Configuration,
    installed: Configuration,
    base: Configuration | None,
    *,
    installed_version: str = "",
    take: Side | None = None,
) -> Plan:
    """The plan that brings `wanted` into `installed`; `base` is what the last apply wanted."""
    comparison = _Comparison(take)
    here, target = {}, {}
    for section in ("departments", "types", "pipelines", "roles"):
        here[section], target[section] = _compare_section(
            comparison,
            section,
            base=None if base is None else _by_code(getattr(base, section)),
            installed=_by_code(getattr(installed, section)),
            wanted=_by_code(getattr(wanted, section)),
        )
    return Plan(
        about=about,
        installed_version=installed_version,
        steps=tuple(comparison.steps),
        notes=tuple(comparison.notes),
        conflicts=tuple(comparison.conflicts),
        installed=Configuration(**here),
        target=Configuration(**target),
        wanted=wanted,
    )


def _by_code(entries: Iterable[E]) -> dict[str, E]:
    return {entry.code: entry for entry in entries}


def _compare_section(
    comparison: _Comparison,
    section: str,
    *,
    base: Mapping[str, E] | None,
    installed: Mapping[str, E],
    wanted: Mapping[str, E],
) -> tuple[tuple[E, ...], tuple[E, ...]]:
    """What is installed of the things in this section, and what they shall be."""
    target: list[E] = []
    for code, entry in wanted.items():
        here = installed.get(code)
        older = base.get(code) if base is not None else None
        merge = Merge(comparison.take)
        if here is None and older is not None:
            comparison.notes.append(words.describe_kept(section, code, Difference((), ABSENT, plain(entry))))
            continue
        merged = merge.merge(
            UNKNOWN if base is None else plain(older) if older else ABSENT,
            plain(here) if here else ABSENT,
            plain(entry),
        )
        if isinstance(entry, RoleEntry):
            merged = merged | {"grants": _merge_grants(comparison, _as_role(older), _as_role(here), entry)}
        comparison.add(section, code, merge)
        target.append(type(entry).model_validate(merged))
    for code in base or {}:
        if code not in wanted and code in installed:
            dropped = Difference((), plain(installed[code]), ABSENT)
            comparison.notes.append(words.describe_dropped(section, code, dropped))
    return tuple(entry for code, entry in installed.items() if code in wanted), tuple(target)


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


def _merge_grants(
    comparison: _Comparison, base: RoleEntry | None, here: RoleEntry | None, wanted: RoleEntry
) -> list[dict[str, Any]]:
    """The grants that the role shall have: ours and theirs, less what either side has withdrawn."""
    before, ours, theirs = (_single_grants(role) for role in (base, here, wanted))
    withdrawn_here = before - ours if here is not None else set()
    added = theirs - ours - withdrawn_here
    removed = (before - theirs) & ours
    if here is not None:
        comparison.steps += [words.describe_grant(wanted.code, grant, "add") for grant in in_order(added)]
        comparison.steps += [
            words.describe_grant(wanted.code, grant, "remove") for grant in in_order(removed)
        ]
    result = (ours | added) - removed
    return [grant.model_dump(mode="json") for grant in join_grants(in_order(result))]


def _single_grants(role: RoleEntry | None) -> set[GrantEntry]:
    """A role's grants, one verb each."""
    grants = role.grants if role else ()
    return {grant.model_copy(update={"verbs": (verb,)}) for grant in grants for verb in grant.verbs}


def in_order(grants: Iterable[GrantEntry]) -> list[GrantEntry]:
    """Grants in the order in which files list them."""
    verbs = ("see", "create", "edit", "delete", "move", "export")

    def position(grant: GrantEntry) -> tuple[str, ...]:
        where = (grant.type, grant.pipeline or "", grant.stage or "", grant.field or "")
        return (*where, str(verbs.index(grant.verbs[0])), grant.scope)

    return sorted(grants, key=position)


def join_grants(grants: Sequence[GrantEntry]) -> list[GrantEntry]:
    """Grants of single verbs joined into lines of several verbs where all else is equal."""
    joined: dict[GrantEntry, list[Any]] = {}
    for grant in grants:
        key = grant.model_copy(update={"verbs": ("see",)})
        joined.setdefault(key, []).extend(grant.verbs)
    return [key.model_copy(update={"verbs": tuple(verbs)}) for key, verbs in joined.items()]
