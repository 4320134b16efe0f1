"""Sign-in sessions that know their person, so that dismissing somebody ends them at once.

This module is Django's SESSION_ENGINE: the row and the store that reads and writes it. One query a
request, as with Django's own.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


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

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for this data; the person is the signed-in one."""
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        person_id = data.get(SESSION_KEY)
        session.person_id = None if person_id is None else int(person_id)
        return session
