"""Storage of the room: which packs are installed, and every version that was applied."""

from trassa.solutions.models.applied_versions import AppliedVersion
from trassa.solutions.models.installed_packs import InstalledPack

__all__ = ["AppliedVersion", "InstalledPack"]
