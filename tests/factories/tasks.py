"""Builders of tasks, through the actions."""

from typing import Any

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.people.models import Person
from trassa.people.queries import get_person
from trassa.work.actions import create_task
from trassa.work.types import Holders, TaskDraft


def give(title: str = "Перезвонить", *, by: Actor | None = None, **given: Any) -> int:
    """Give a task and tell its id; `given` are parts of a TaskDraft."""
    return create_task(TaskDraft(title, **given), actor=by or system_actor()).id


def anyone(*people: Person, **given: Any) -> Holders:
    """Candidates: these people, and roles or departments by their ids."""
    return Holders(people=[each.id for each in people], **given)


def as_actor(person: Person) -> Actor:
    """The rights of a person as they are now."""
    return actor_of(get_person(person.id))
