"""Builders of persons, departments and roles, through the actions."""

from itertools import count
from typing import Any

from trassa.people.actions import create_calendar, create_department, create_person, create_role
from trassa.people.models import Calendar, Department, Person, Role
from trassa.people.types import CalendarDraft

PASSWORD = "ковш-и-рельсы"
_numbers = count(1)


def make_person(login: str = "", **given: Any) -> Person:
    """A person who can sign in with PASSWORD when `password=PASSWORD` is given (hashing is slow)."""
    login = login or f"person{next(_numbers)}"
    return create_person(login=login, name=given.pop("name", login.title()), actor_id=None, **given)


def make_department(code: str = "", parent: Department | None = None, **given: Any) -> Department:
    """A department, below `parent` when there is one."""
    code = code or f"department{next(_numbers)}"
    name = given.pop("name", code.title())
    return create_department(code=code, name=name, parent=parent, actor_id=None, **given)


def make_calendar(code: str = "", **given: Any) -> Calendar:
    """Monday to Friday from nine to six in Moscow; `given` are parts of a CalendarDraft."""
    code = code or f"calendar{next(_numbers)}"
    week = ("09:00–18:00",) * 5 + ("", "")
    return create_calendar(
        code, CalendarDraft(**{"name": code, "zone": "Europe/Moscow", "cycle": week} | given), actor_id=None
    )


def make_role(code: str = "", label: str = "") -> Role:
    """A role without rights."""
    code = code or f"role{next(_numbers)}"
    return create_role(code=code, label={"ru": label or code.title(), "en": code.title()}, actor_id=None)
