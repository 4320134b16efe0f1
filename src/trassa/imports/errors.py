"""Why a whole file cannot be imported."""

from trassa.kernel import Invalid


class FileUnreadable(Invalid):
    """The file is not a table, or has no column that the type knows."""

    code = "file_unreadable"
