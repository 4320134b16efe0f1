"""Storage of the room `access`."""

from trassa.access.models.grants import Grant

__all__ = ["Grant"]
