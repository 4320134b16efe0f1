"""Storage of the room: drafts."""

from trassa.designer.models.drafts import Draft

__all__ = ["Draft"]
