"""Everything that this room does: packs are applied, rolled back, exported, tried; demo data are loaded."""

from trassa.solutions.actions.demo import DemoReport, load_demo
from trassa.solutions.actions.packs import (
    LOCAL_PREFIX,
    apply,
    apply_with_required,
    export,
    export_local,
    roll_back,
)
from trassa.solutions.actions.rehearsals import rehearsing
from trassa.solutions.actions.trials import try_pack

__all__ = [
    "LOCAL_PREFIX",
    "DemoReport",
    "apply",
    "apply_with_required",
    "export",
    "export_local",
    "load_demo",
    "rehearsing",
    "roll_back",
    "try_pack",
]
