"""Everything that this room does: apply packs, roll them back, export the configuration, load demo data."""

from trassa.solutions.actions.demo import DemoReport, load_demo
from trassa.solutions.actions.packs import apply, apply_with_required, export, export_local, roll_back

__all__ = ["DemoReport", "apply", "apply_with_required", "export", "export_local", "load_demo", "roll_back"]
