"""Tasks of the demo company: given by its people about records, and ended by those who have done them."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import Invalid, frozen
from trassa.people.queries import find_role
from trassa.solutions.demo_files import DemoRow, moment_of
from trassa.work.actions import complete_task, create_task
from trassa.work.types import Cause, Holders, TaskDraft

_ROLE = "role:"


def give_demo_task(
    row: DemoRow, record_id: int, actors: Mapping[str, Actor], today: date, cause: Cause
) -> None:
    """Give the task of a line at its moment; one with `done` is ended then, by whoever had it: of
    several, by who gave it.

    Raises Invalid for people and roles that are not there, and as `create_task` does.
    """
    who = row.cells.get("who", row.actor)
    draft = TaskDraft(
        title=row.cells.get("title", ""),
        kind=row.cells.get("kind", "todo"),
        text=row.cells.get("text", ""),
        record_id=record_id,
        owner_id=None if who.startswith(_ROLE) else _person(who, actors),
        candidates=Holders(roles=[_role(who.removeprefix(_ROLE))]) if who.startswith(_ROLE) else Holders(),
        observers=[_person(login, actors) for login in _parts(row, "observers")],
        due_at=moment_of(*_moment(row.cells["due"]), today) if "due" in row.cells else None,
        priority="high" if row.cells.get("important") == "yes" else "normal",
        checklist=_parts(row, "checklist"),
    )
    task = create_task(draft, actor=actors[row.actor], cause=cause)
    if "done" in row.cells:
        with frozen(moment_of(*_moment(row.cells["done"]), today)):
            outcome, result = row.cells.get("outcome", ""), row.cells.get("result", "")
            doer = row.actor if who.startswith(_ROLE) else who
            complete_task(task.id, actor=actors[doer], outcome=outcome, result=result, cause=cause)


def _parts(row: DemoRow, column: str) -> list[str]:
    return [part for part in row.cells.get(column, "").split(";") if part]


def _moment(cell: str) -> tuple[int, str]:
    day, clock = cell.split(" ")
    return int(day), clock


def _person(login: str, actors: Mapping[str, Actor]) -> int:
    found = actors.get(login)
    if found is None or found.id is None:
        raise Invalid(_("There is nobody with the login “%s”.") % login)
    return found.id


def _role(code: str) -> int:
    role = find_role(code)
    if role is None:
        raise Invalid(_("There is no role “%s”.") % code)
    return role.pk
