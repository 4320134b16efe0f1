"""Sign-in sessions that know their person, so that dismissing somebody ends them at once.

This module is Django's SESSION_ENGINE: the row and the store that reads and writes it. One query a
request, as with Django's own.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection, models

from trassa.kernel import now

_LOAD = "SELECT session_data FROM people_session WHERE session_key = %s AND expire_date > %s"


class Session(AbstractBaseSession):
    """A browser's session; `person` is None before sign-in."""

    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(DatabaseSessionStore):
    """Sessions kept in `people.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """What the session remembers; nothing when there is no such session any more.

        Written by hand, because Django compiling the statement costs more than PostgreSQL answering it.
        """
        with connection.cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(found[0])
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for this data; the person is the signed-in one."""
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        person_id = data.get(SESSION_KEY)
        session.person_id = None if person_id is None else int(person_id)
        return session
