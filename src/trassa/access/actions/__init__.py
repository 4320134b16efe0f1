"""Every write of the room `access`."""

from trassa.access.actions.grants import set_grants, undo_grants
from trassa.access.actions.roles import copy_role

__all__ = ["copy_role", "set_grants", "undo_grants"]
