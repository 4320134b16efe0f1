"""The calendars, departments and roles of a plan, through the actions of the rooms below."""

from datetime import date
from typing import Any

from trassa.access.actions import set_grants
from trassa.people.actions import (
    change_calendar,
    change_department,
    change_role,
    create_calendar,
    create_department,
    create_role,
    restore_calendar,
    restore_department,
    restore_role,
    save_place,
)
from trassa.people.queries import (
    find_calendar,
    find_department,
    find_role,
    get_role,
    list_retired_calendars,
    list_retired_departments,
    list_retired_roles,
)
from trassa.people.types import CalendarDraft, Cause, DayHours, DepartmentChanges, MenuGroup, PlaceSpec
from trassa.schema.actions.codes import words_of
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.solutions.format import CalendarEntry, DepartmentEntry, PlaceEntry, RoleEntry, Words
from trassa.solutions.grants import grant_specs


def save_calendar(entry: CalendarEntry, actor_id: int | None, cause: Cause) -> None:
    """The calendar is there as the plan says, back in use where it was retired."""
    draft = CalendarDraft(
        name=entry.name,
        zone=entry.zone,
        cycle=entry.cycle,
        starts_on=date.fromisoformat(entry.starts) if entry.starts else None,
        country=entry.country,
        is_company=entry.company,
        exceptions={
            date.fromisoformat(each.day): DayHours(each.hours, each.note) for each in entry.exceptions
        },
    )
    retired = next((each for each in list_retired_calendars() if each.code == entry.code), None)
    if retired is not None:
        restore_calendar(retired, actor_id=actor_id, cause=cause)
    row = find_calendar(entry.code)
    if row is None:
        create_calendar(entry.code, draft, actor_id=actor_id, cause=cause)
    else:
        change_calendar(row, draft, actor_id=actor_id, cause=cause)


def save_department(entry: DepartmentEntry, actor_id: int | None, cause: Cause) -> None:
    """The department is there as the plan says, back in use where it was retired."""
    row = find_department(entry.code) or _restored_department(entry.code, actor_id, cause)
    made: DepartmentChanges = {
        "name": entry.name,
        "parent": find_department(entry.parent) if entry.parent else None,
        "calendar": find_calendar(entry.calendar) if entry.calendar else None,
    }
    if row is None:
        create_department(code=entry.code, actor_id=actor_id, cause=cause, **made)
    else:
        change_department(row, actor_id=actor_id, cause=cause, **made)


def _restored_department(code: str, actor_id: int | None, cause: Cause) -> Any:
    """The retired department of this code, back in use; None when there is none."""
    row = next((each for each in list_retired_departments() if each.code == code), None)
    if row is not None:
        restore_department(row, actor_id=actor_id, cause=cause)
    return row


def name_role(entry: RoleEntry, actor_id: int | None, cause: Cause) -> None:
    """The role is there under its name: layouts of cards may be meant for it."""
    label = {"ru": entry.label.ru, "en": entry.label.en}
    row = find_role(entry.code) or _restored_role(entry.code, actor_id, cause)
    if row is None:
        create_role(code=entry.code, label=label, actor_id=actor_id, cause=cause)
    elif row.label != label:
        change_role(row, label=label, actor_id=actor_id, cause=cause)


def _restored_role(code: str, actor_id: int | None, cause: Cause) -> Any:
    """The retired role of this code, back in use; None when there is none."""
    row = next((each for each in list_retired_roles() if each.code == code), None)
    if row is not None:
        restore_role(row, actor_id=actor_id, cause=cause)
    return row


def save_role(entry: RoleEntry, actor_id: int | None, cause: Cause) -> None:
    """What the role may do and where its people begin; `name_role` has made it."""
    row = get_role(entry.code)
    grants = grant_specs(entry.grants, current_generation())
    set_grants(row, grants, actor_id=actor_id, cause=cause)
    save_place(row, _place(entry.place), actor_id=actor_id, cause=cause)


def _place(entry: PlaceEntry) -> PlaceSpec:
    menu = (MenuGroup(group.code, _by_language(group.label), group.entries) for group in entry.menu)
    labels = {key: _by_language(words) for key, words in entry.labels.items()}
    return PlaceSpec(entry.start, tuple(menu), entry.hidden, labels, entry.position, entry.home)


def _by_language(words: Words | None) -> dict[str, str]:
    return words_of(Label(words.ru, words.en)) if words else {}
