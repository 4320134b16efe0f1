"""Storage of imports."""

from trassa.imports.models.runs import Outcome, Run

__all__ = ["Outcome", "Run"]
