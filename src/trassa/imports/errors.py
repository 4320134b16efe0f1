"""Why a file cannot be imported, or a run cannot do what is asked of it."""

from trassa.kernel import Conflict, Invalid


class FileUnreadable(Invalid):
    """The file is not a table, or has no column that the type knows."""

    code = "file_unreadable"


class WrongState(Conflict):
    """The run is not where this can be done: it works, has ended, or has not begun."""

    code = "wrong_state"
