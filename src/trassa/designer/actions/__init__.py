"""What this room writes: drafts, and through the room `solutions` what comes of them."""

from trassa.designer.actions.drafts import (
    apply_draft,
    begin_type,
    drop_draft,
    edit_draft,
    empty_unfit,
    restore_type,
    step_back,
    undo_edit,
)

__all__ = [
    "apply_draft",
    "begin_type",
    "drop_draft",
    "edit_draft",
    "empty_unfit",
    "restore_type",
    "step_back",
    "undo_edit",
]
