"""Everything that this room does."""

from trassa.imports.actions.files import ImportResult, import_file

__all__ = ["ImportResult", "import_file"]
