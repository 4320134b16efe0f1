"""Storage of the room: which packs are installed."""

from trassa.solutions.models.installed_packs import InstalledPack

__all__ = ["InstalledPack"]
