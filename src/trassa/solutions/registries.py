"""Where packs make themselves known."""

from dataclasses import dataclass
from pathlib import Path

from trassa.kernel import Registry


@dataclass(frozen=True, slots=True)
class PackSource:
    """The folder in which a pack's files lie."""

    folder: Path


#: Packs of the installed distribution, by code. Each pack registers its own folder.
packs: Registry[PackSource] = Registry(
    "solutions.packs", description="A solution pack that can be planned and applied by its code."
)
