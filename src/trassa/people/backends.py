"""Who signs in by login and password, and who is behind a session."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from trassa.people.models import Person
from trassa.people.queries import find_person_by_login, session_person


class PersonBackend(BaseBackend):
    """Active persons only. Unknown logins cost as much time as wrong passwords."""

    def authenticate(
        self,
        request: HttpRequest | None,
        login: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> Person | None:
        """The active person with this login and password, or None."""
        if login is None or password is None:
            return None
        person = find_person_by_login(login)
        if person is None or not person.has_usable_password():
            make_password(password)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: int) -> Person | None:
        """The session's person with the rights revision, by one query; None once dismissed."""
        return session_person(user_id)
