"""Reads of packs: which there are, which are installed, what applying one would do."""

from pathlib import Path

from trassa.solutions.comparator import compare
from trassa.solutions.format import Configuration
from trassa.solutions.installed import installed_configuration
from trassa.solutions.merging import Side
from trassa.solutions.models import InstalledPack
from trassa.solutions.plans import Plan, Step
from trassa.solutions.reader import Pack, list_packs, read_pack

__all__ = [
    "Pack",
    "Plan",
    "Side",
    "Step",
    "find_installed",
    "installed_configuration",
    "list_installed",
    "list_packs",
    "plan",
    "plan_all",
    "read_pack",
]


def find_installed(code: str) -> InstalledPack | None:
    """The installed pack of this code."""
    return InstalledPack.objects.filter(code=code).first()


def list_installed() -> list[InstalledPack]:
    """Installed packs in the order in which they were applied."""
    return list(InstalledPack.objects.all())


def plan(pack: str | Path | Pack, *, take: Side | None = None) -> Plan:
    """What applying the pack would change, without the packs that it requires.

    `pack` is a code, a folder or a pack that was read. `take` decides values that were changed both here
    and in the pack. Raises NotFound, or PackInvalid with every fault of the files.
    """
    read = pack if isinstance(pack, Pack) else read_pack(pack)
    installed = find_installed(read.code)
    base = None if installed is None else Configuration.model_validate(installed.content)
    return compare(
        read.about,
        read.configuration,
        installed_configuration(),
        base,
        installed_version=installed.version if installed else "",
        take=take,
    )


def plan_all(pack: str | Path, *, take: Side | None = None) -> list[Plan]:
    """Plans of the packs that this one requires, lowest first, and its own at last.

    A pack is compared with what is installed now, so the plan of an upper pack does not count on a lower
    one being applied before.
    """
    read = read_pack(pack)
    return [plan(each, take=take) for each in (*read.required, read)]
