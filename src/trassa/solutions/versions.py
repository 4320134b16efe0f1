"""The way back: applied versions of a pack, and the plan that returns to an earlier one.

Each version is taken back by the comparison that applied it, run from what the version left to what it had
found; what was changed here since then stays. What a version brought is retired, never dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from trassa.kernel import NotFound
from trassa.solutions.comparator import compare
from trassa.solutions.decisions import Decisions
from trassa.solutions.errors import PackConflict
from trassa.solutions.facts import InstalledFacts
from trassa.solutions.format import SECTIONS, Configuration, PackEntry, Words
from trassa.solutions.installed import installed_configuration
from trassa.solutions.models import AppliedVersion, InstalledPack
from trassa.solutions.plans import Plan

#: What `--to` says to take a pack out of use altogether.
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Rollback:
    """What going back would do. `undone` are the versions taken back, newest first."""

    plan: Plan
    undone: tuple[AppliedVersion, ...]
    #: The version that counts afterwards; None when the pack goes out of use.
    target: AppliedVersion | None


def list_versions(code: str) -> list[AppliedVersion]:
    """Every apply of a pack, newest first; raises NotFound for a pack that was never applied."""
    found = list(AppliedVersion.objects.filter(pack__code=code).order_by("-number"))
    if not found:
        known = ", ".join(InstalledPack.objects.values_list("code", flat=True)) or "—"
        message = _("No pack “%(code)s” was applied here; applied are: %(known)s.")
        raise NotFound(message % {"code": code, "known": known})
    return found


def plan_rollback(code: str, *, to: str | None = None, decisions: Decisions | None = None) -> Rollback:
    """What going back to an earlier version of a pack would change.

    `to` is a version ("1.1.0"), the number of an apply ("2") or NOTHING; without it, the version before the
    last. Raises NotFound or, when there is no way back, PackConflict.
    """
    standing = [each for each in list_versions(code) if each.rolled_back_at is None]
    undone = _undone(code, standing, to)
    left = standing[len(undone) :]
    target = left[0] if left else None
    pack = InstalledPack.objects.get(code=code)
    if target is None:
        _refuse_while_required(code)
    about = PackEntry(
        code=code,
        version=target.version if target else undone[0].version,
        label=Words.model_validate(pack.label),
    )
    made = _merged_back(about, undone, decisions or Decisions(), pack.version)
    return Rollback(made, tuple(undone), target)


def _undone(code: str, standing: Sequence[AppliedVersion], to: str | None) -> list[AppliedVersion]:
    """The versions to be taken back, newest first."""
    if not standing:
        message = _("The pack “%(code)s” has been taken out of use already; apply it to have it back.")
        raise PackConflict(message % {"code": code}, code="nothing_to_roll_back")
    if to is None and len(standing) == 1:
        message = _(
            "%(version)s is the first version of “%(code)s”. "
            "To take the whole pack out of use, say --to nothing."
        )
        values = {"version": standing[0].version, "code": code}
        raise PackConflict(message % values, code="first_version")
    if to is None:
        count = 1
    elif to == NOTHING:
        count = len(standing)
    else:
        count = _place_of(to, standing)
    undone = list(standing[:count])
    unknown = next((each for each in undone if each.before is None or each.after is None), None)
    if unknown is not None:
        message = _("What apply %(number)s found was not kept; there is no way back behind it.")
        raise PackConflict(message % {"number": unknown.number}, code="no_way_back")
    return undone


def _place_of(to: str, standing: Sequence[AppliedVersion]) -> int:
    """How many versions lie above the one that is named by version or by number."""
    for count, each in enumerate(standing):
        if to in (each.version, str(each.number)) and count:
            return count
    if to in (standing[0].version, str(standing[0].number)):
        message = _("%(to)s is what is applied now; there is nothing to take back.")
        raise PackConflict(message % {"to": to}, code="nothing_to_roll_back")
    known = ", ".join(dict.fromkeys(each.version for each in standing[1:])) or "—"
    message = _("There is no way back to %(to)s; there is one to: %(known)s.")
    raise NotFound(message % {"to": to, "known": known})


def _refuse_while_required(code: str) -> None:
    needing = [
        row.code
        for row in InstalledPack.objects.exclude(version="")
        if code in row.requires and row.code != code
    ]
    if needing:
        message = _("Other packs require “%(code)s”; take them out of use first: %(needing)s.")
        raise PackConflict(message % {"code": code, "needing": ", ".join(needing)}, code="pack_required")


def _merged_back(
    about: PackEntry, undone: Sequence[AppliedVersion], decisions: Decisions, version: str
) -> Plan:
    """One plan from what is installed to what is left when the versions are taken back one by one."""
    installed = installed_configuration()
    state, facts = installed, InstalledFacts()
    notes: dict[str, None] = {}
    conflicts: dict[str, None] = {}
    addresses: list[str] = []
    codes: dict[str, set[str]] = {}
    for each in undone:
        before = Configuration.model_validate(each.before)
        after = Configuration.model_validate(each.after)
        made = compare(about, before, state, after, facts=facts, decisions=decisions, removing=True)
        state = state.replaced(made.installed, made.target)
        notes |= dict.fromkeys(made.notes)
        conflicts |= dict.fromkeys(made.conflicts)
        addresses += made.addresses
        for section, found in (*before.codes().items(), *after.codes().items()):
            codes.setdefault(section, set()).update(found)
    decisions.refuse_idle(addresses)
    here = installed.part(codes)
    whole = compare(about, state.part(codes), installed, here, facts=facts, removing=True)
    return replace(
        whole,
        installed_version=version,
        notes=tuple(notes),
        conflicts=(*conflicts, *whole.conflicts),
        addresses=tuple(addresses),
    )


def changed_parts(before: Configuration, after: Configuration) -> tuple[Configuration, Configuration]:
    """Of both states, what differs between them."""
    changed = {section: _changed(before.things(section), after.things(section)) for section in SECTIONS}
    return before.part(changed), after.part(changed)


def _changed(before: Iterable[object], after: Iterable[object]) -> set[str]:
    """Codes of things that are on one side only or not the same on both."""
    ours = {getattr(each, "code", ""): each for each in before}
    theirs = {getattr(each, "code", ""): each for each in after}
    return {code for code in ours.keys() | theirs.keys() if ours.get(code) != theirs.get(code)}
