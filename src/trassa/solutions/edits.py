"""Edits made in the installation itself, planned and applied like packs.

An edit is a part of the configuration as it was found and as it shall be. Both go through the comparison that
applies and rolls back versions, so what others changed meanwhile stays. Applied edits are versions of one
pack that has no files, `OWN`: the way back is that of packs. See docs/decisions/0030-designer.md.
"""

from django.db.models import Max
from django.utils.translation import gettext as _

from trassa.solutions.comparator import compare
from trassa.solutions.decisions import Decisions
from trassa.solutions.documents import Document
from trassa.solutions.expressions import Described, ExpressionReader, sketch
from trassa.solutions.facts import InstalledFacts
from trassa.solutions.format import SECTIONS, Configuration, PackEntry, Words
from trassa.solutions.installed import installed_configuration
from trassa.solutions.models import AppliedVersion
from trassa.solutions.plans import Plan
from trassa.solutions.references import check_references
from trassa.solutions.spoken import speaking
from trassa.solutions.versions import NOTHING, Rollback, plan_rollback

#: The code that edits are remembered under; no pack with files may have it.
OWN = "designer"


def plan_edit(found: Configuration, wanted: Configuration, *, decisions: Decisions | None = None) -> Plan:
    """What an edit would do to what is installed now.

    Faults of `wanted` itself, such as a link without a target, are obstacles of the plan.
    """
    installed = installed_configuration()
    by_labels = decisions is not None and decisions.in_browser
    with speaking((installed, found, wanted) if by_labels else None):
        return _plan(found, wanted, installed, decisions)


def _plan(
    found: Configuration, wanted: Configuration, installed: Configuration, decisions: Decisions | None
) -> Plan:
    wanted, faults = _read(wanted, installed)
    number = AppliedVersion.objects.filter(pack__code=OWN).aggregate(Max("number"))["number__max"] or 0
    about = PackEntry(code=OWN, version=f"1.0.{number + 1}", label=Words(ru=_("Own changes")))
    if faults:
        here = installed.part(wanted.codes())
        return Plan(about, "", (), (), (), faults, installed=here, target=here, wanted=wanted)
    return compare(
        about, wanted, installed, found, facts=InstalledFacts(), decisions=decisions, removing=True
    )


def plan_undo(number: int) -> Rollback:
    """What taking an edit back would do; with it go all that were applied after it.

    Raises NotFound when there is no such edit, PackConflict when there is no way back.
    """
    earlier = AppliedVersion.objects.filter(pack__code=OWN, rolled_back_at=None, number__lt=number)
    before = earlier.order_by("-number").first()
    return plan_rollback(OWN, to=NOTHING if before is None else str(before.number))


def list_edits(type_code: str) -> list[AppliedVersion]:
    """Applied edits of a type that still count, newest first."""
    standing = AppliedVersion.objects.filter(pack__code=OWN, rolled_back_at=None).order_by("-number")
    return [
        each
        for each in standing
        if any(type_code in _type_codes(state) for state in (each.before, each.after) if state)
    ]


def last_edit() -> AppliedVersion | None:
    """The edit that was applied last and still counts."""
    return AppliedVersion.objects.filter(pack__code=OWN, rolled_back_at=None).order_by("-number").first()


def _type_codes(state: dict[str, list[dict[str, str]]]) -> set[str]:
    """Types that a remembered part of a configuration speaks of."""
    return {each["code"] for each in state["types"]} | {each["type"] for each in state["pipelines"]}


def _read(wanted: Configuration, installed: Configuration) -> tuple[Configuration, tuple[str, ...]]:
    """The edit with its expressions in their one spelling, and its faults."""
    documents: dict[str, Document] = {
        f"{section}/{entry.code}.yaml": Described(entry.code, entry.model_dump(mode="json"), {})
        for section in SECTIONS
        for entry in wanted.things(section)
    }
    problems = check_references(wanted, [installed], documents)
    if not problems:
        reader = ExpressionReader(sketch([installed, wanted]))
        wanted = reader.canonical(wanted, documents)
        problems = reader.problems
    return wanted, tuple(str(problem) for problem in problems)
