"""Reads of packs: which there are, which are installed, what applying one would do."""

from pathlib import Path

from trassa.solutions.comparator import compare
from trassa.solutions.decisions import Decisions, read_decisions
from trassa.solutions.edits import OWN, last_edit, list_edits, plan_edit, plan_undo
from trassa.solutions.expressions import sketch
from trassa.solutions.facts import InstalledFacts
from trassa.solutions.format import Configuration
from trassa.solutions.grants import grant_specs
from trassa.solutions.installed import installed_configuration, revived_configuration
from trassa.solutions.json_schema import pack_schema
from trassa.solutions.models import InstalledPack
from trassa.solutions.plans import Plan, Step
from trassa.solutions.reader import Pack, list_packs, read_pack
from trassa.solutions.spoken import grant_in_words
from trassa.solutions.versions import NOTHING, Rollback, list_versions, plan_rollback

__all__ = [
    "NOTHING",
    "OWN",
    "Decisions",
    "Pack",
    "Plan",
    "Rollback",
    "Step",
    "find_installed",
    "grant_in_words",
    "grant_specs",
    "installed_configuration",
    "last_edit",
    "list_edits",
    "list_installed",
    "list_packs",
    "list_versions",
    "pack_schema",
    "plan",
    "plan_all",
    "plan_edit",
    "plan_rollback",
    "plan_undo",
    "read_decisions",
    "read_pack",
    "revived_configuration",
    "sketch",
]


def find_installed(code: str) -> InstalledPack | None:
    """The installed pack of this code; None also when it was taken out of use."""
    return InstalledPack.objects.filter(code=code).exclude(version="").first()


def list_installed() -> list[InstalledPack]:
    """Installed packs in the order in which they were applied."""
    return list(InstalledPack.objects.exclude(version=""))


def plan(
    pack: str | Path | Pack, *, decisions: Decisions | None = None, onto: Configuration | None = None
) -> Plan:
    """What applying the pack would change, without the packs that it requires.

    `pack` is a code, a folder or a pack that was read. `decisions` say who wins where a value was changed
    both here and in the pack. `onto` stands for what is installed by then. Raises NotFound, or PackInvalid
    with every fault of the files.
    """
    read = pack if isinstance(pack, Pack) else read_pack(pack)
    installed = find_installed(read.code)
    base = None if installed is None else Configuration.model_validate(installed.content)
    return compare(
        read.about,
        read.configuration,
        installed_configuration() if onto is None else onto,
        base,
        extended=read.extended,
        facts=InstalledFacts(),
        decisions=decisions,
        installed_version=installed.version if installed else "",
    )


def plan_all(pack: str | Path, *, decisions: Decisions | None = None) -> list[Plan]:
    """Plans of the packs that this one requires, lowest first, and its own at last.

    Each counts on those before it being applied. A decision must be about one of them.
    """
    read = read_pack(pack)
    state = installed_configuration()
    plans = []
    for each in (*read.required, read):
        made = plan(each, decisions=decisions, onto=state)
        state = state.replaced(made.installed, made.target)
        plans.append(made)
    if decisions is not None:
        decisions.refuse_idle(address for made in plans for address in made.addresses)
    return plans
