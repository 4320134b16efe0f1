"""A connection is checked at the start of every request. Asking the server costs a round trip each time;
a connection that the server has closed is readable at once, which one system call tells.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django knows it, but `is_usable` looks at the socket."""

    def is_usable(self) -> bool:
        """False once the server has closed the connection or has anything unasked to say."""
        if self.connection is None or self.connection.closed:
            return False
        poller = select.poll()
        poller.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poller.poll(0)
