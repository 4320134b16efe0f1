"""Every write of the room `access`."""

from trassa.access.actions.grants import set_grants

__all__ = ["set_grants"]
