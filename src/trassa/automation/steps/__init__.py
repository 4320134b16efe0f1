"""The steps of this room: each kind in a module of its own."""

from trassa.automation.registries import step_kinds
from trassa.automation.steps import assigning, calling, creating, moving, setting, stopping, waiting


def register() -> None:
    """Enter the steps of this room, in the order in which editors offer them."""
    step_kinds.register("set", setting.KIND)
    step_kinds.register("move", moving.KIND)
    step_kinds.register("assign", assigning.KIND)
    step_kinds.register("create", creating.KIND)
    step_kinds.register("wait", waiting.KIND)
    step_kinds.register("call", calling.KIND)
    step_kinds.register("stop", stopping.KIND)
