"""Departments and their tree."""

from collections.abc import Mapping
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.journal import Json
from trassa.kernel import FieldError, Invalid, now
from trassa.people.actions.rights import bump_rights_revision
from trassa.people.actions.working_time import tell_working_time
from trassa.people.codes import check_code
from trassa.people.history import additions, differences, write_entry
from trassa.people.models import Calendar, Department, Person
from trassa.people.queries import department_tree, require_administrator
from trassa.people.types import NO_CAUSE, Cause, DepartmentChanges


def _state(department: Department) -> dict[str, Json]:
    return {
        "code": department.code,
        "name": department.name,
        "parent": department.parent_id,
        "head": department.head_id,
        "calendar": department.calendar_id,
    }


@transaction.atomic
def create_department(
    *,
    code: str,
    name: str,
    actor_id: int | None,
    parent: Department | None = None,
    head: Person | None = None,
    calendar: Calendar | None = None,
    cause: Cause = NO_CAUSE,
) -> Department:
    """Create a department, below `parent` when there is one."""
    require_administrator(actor_id)
    check_code(code)
    taken = Department.objects.filter(code=code).first()
    if taken is not None and taken.retired_at:
        message = _("A retired department has this code. Restore it instead.")
        raise Invalid(message, errors=[FieldError("code", "retired", message)])
    if taken is not None:
        message = _("There is a department with this code.")
        raise Invalid(message, errors=[FieldError("code", "taken", message)])
    department = Department.objects.create(
        code=code, name=name.strip(), parent=parent, head=head, calendar=calendar
    )
    bump_rights_revision()
    changes = additions(_state(department))
    write_entry("created", ("department", department.id), changes, actor_id=actor_id, cause=cause)
    return department


@transaction.atomic
def change_department(
    department: Department,
    *,
    actor_id: int | None,
    cause: Cause = NO_CAUSE,
    **changes: Unpack[DepartmentChanges],
) -> Department:
    """Rename, move, give a head or a calendar; refuses to put a department below itself."""
    require_administrator(actor_id)
    rows = {row.id: row for row in Department.objects.select_for_update().order_by("id")}
    row = rows[department.id]
    parent = changes.get("parent")
    if parent is not None and parent.id in department_tree()[row.id]:
        message = _("A department cannot be below itself.")
        raise Invalid(message, errors=[FieldError("parent", "loop", message)])
    before, calendar = _state(row), _calendar_of(row, rows)
    for name, value in changes.items():
        setattr(row, name, value)
    made = differences(before, _state(row))
    if made:
        row.save(update_fields=list(changes))
        bump_rights_revision()
        if _calendar_of(row, rows) != calendar:
            tell_working_time(None)
        write_entry("changed", ("department", row.id), made, actor_id=actor_id, cause=cause)
    return row


def _calendar_of(department: Department, rows: Mapping[int, Department]) -> int | None:
    """The calendar by which a department works: its own, or the nearest above it."""
    at: Department | None = department
    while at is not None and at.calendar_id is None:
        at = rows.get(at.parent_id or 0)
    return at.calendar_id if at is not None else None


@transaction.atomic
def retire_department(department: Department, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Take a department out of use; refused while people or departments in use belong to it."""
    require_administrator(actor_id)
    row = Department.objects.select_for_update().get(id=department.id)
    if row.retired_at is not None:
        return
    people = Person.objects.filter(department=row, is_active=True).count()
    below = Department.objects.filter(parent=row, retired_at=None).count()
    if people or below:
        message = _(
            "%(people)s people and %(below)s departments belong to “%(name)s”. Move them elsewhere first."
        )
        raise Invalid(
            message % {"people": people, "below": below, "name": row.name}, code="department_in_use"
        )
    _set_retirement(row, retired=True, actor_id=actor_id, cause=cause)


@transaction.atomic
def restore_department(department: Department, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Bring a retired department back."""
    require_administrator(actor_id)
    row = Department.objects.select_for_update().get(id=department.id)
    if row.retired_at is not None:
        _set_retirement(row, retired=False, actor_id=actor_id, cause=cause)


def _set_retirement(row: Department, *, retired: bool, actor_id: int | None, cause: Cause) -> None:
    row.retired_at = now() if retired else None
    row.save(update_fields=["retired_at"])
    bump_rights_revision()
    kind = "retired" if retired else "restored"
    write_entry(kind, ("department", row.id), {}, actor_id=actor_id, cause=cause)
