"""Storage of the room `automation`."""

from trassa.automation.models.timers import Timer

__all__ = ["Timer"]
