"""PostgreSQL as Django knows it, with fewer round trips.

A connection is checked at the start of every request. Asking the server costs a round trip each time;
a connection that the server has closed is readable at once, which one system call tells.

A transaction begins with its first statement: BEGIN travels with it. The driver is always in autocommit mode
and never sends one of its own, which costs a round trip in each write.

Every row has moments. Django reads each in Python, which took a tenth of a list's time.
"""

import select
from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import ClientCursor
from psycopg.pq import TransactionStatus


class MomentLoader(BaseTzLoader):  # type: ignore[misc]
    """Reads a moment with the parser of the standard library, which is compiled; connections are in UTC."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # before Christ, after 9999, infinity
            moment: datetime = super().load(data)
            return moment


class Cursor(ClientCursor[Any]):
    """Begins the transaction that Django wants with the first statement in it."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Execute one or several statements, after BEGIN where it is due."""
        if not is_begin_due(self.connection):
            return super().execute(query, params, **options)
        if not isinstance(query, str):
            super().execute("BEGIN")
            return super().execute(query, params, **options)
        super().execute(f"BEGIN; {query}", params, **options)
        self.nextset()
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> Any:
        """Execute a statement with each of many parameters, after BEGIN where it is due."""
        begin_due(self.connection)
        return super().executemany(query, params_seq, **options)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Copy rows from or to the server, after BEGIN where it is due."""
        begin_due(self.connection)
        return super().copy(statement, params, **options)


def is_begin_due(connection: Any) -> bool:
    """Whether Django wants a transaction and the server has none yet."""
    is_idle: bool = connection.pgconn.transaction_status == TransactionStatus.IDLE
    return connection.wants_transaction and is_idle


def begin_due(connection: Any) -> None:
    """Begin alone where BEGIN cannot travel with a statement."""
    if is_begin_due(connection):
        ClientCursor(connection).execute("BEGIN")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for BEGIN, `is_usable` and moments."""

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": Cursor, "autocommit": True}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.wants_transaction = False
        connection.adapters.register_loader("timestamptz", MomentLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        if name:
            begin_due(self.connection)
        return super().create_cursor(name)

    def _set_autocommit(self, autocommit: bool) -> None:
        self.connection.wants_transaction = not autocommit

    def is_usable(self) -> bool:
        """False once the server has closed the connection or has anything unasked to say."""
        if self.connection is None or self.connection.closed:
            return False
        poller = select.poll()
        poller.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poller.poll(0)
