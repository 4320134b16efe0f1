"""Every write of the room `people`. Each runs in one transaction and leaves a line of history.

`actor_id` is who does it; None is the command line, which may everything.
"""

from trassa.people.actions.absences import add_absence, change_absence, remove_absence
from trassa.people.actions.calendars import (
    change_calendar,
    clear_exception,
    create_calendar,
    restore_calendar,
    retire_calendar,
    set_exception,
)
from trassa.people.actions.departments import (
    change_department,
    create_department,
    restore_department,
    retire_department,
)
from trassa.people.actions.looking import start_looking, stop_looking
from trassa.people.actions.newcomers import create_newcomers
from trassa.people.actions.passwords import (
    change_own_password,
    demand_new_password,
    make_password_link,
    set_password,
    use_password_link,
)
from trassa.people.actions.persons import (
    change_person,
    change_preferences,
    create_person,
    dismiss_person,
    readmit_person,
)
from trassa.people.actions.places import change_own_place, save_place
from trassa.people.actions.profiles import change_profile, give_temporary_password
from trassa.people.actions.rights import bump_rights_revision
from trassa.people.actions.roles import assign_roles, change_role, create_role, restore_role, retire_role
from trassa.people.actions.sessions import end_other_sessions, forget_expired_sessions, sign_in, sign_out
from trassa.people.actions.tokens import issue_token, note_token_use, revoke_token

__all__ = [
    "add_absence",
    "assign_roles",
    "bump_rights_revision",
    "change_absence",
    "change_calendar",
    "change_department",
    "change_own_password",
    "change_own_place",
    "change_person",
    "change_preferences",
    "change_profile",
    "change_role",
    "clear_exception",
    "create_calendar",
    "create_department",
    "create_newcomers",
    "create_person",
    "create_role",
    "demand_new_password",
    "dismiss_person",
    "end_other_sessions",
    "forget_expired_sessions",
    "give_temporary_password",
    "issue_token",
    "make_password_link",
    "note_token_use",
    "readmit_person",
    "remove_absence",
    "restore_calendar",
    "restore_department",
    "restore_role",
    "retire_calendar",
    "retire_department",
    "retire_role",
    "revoke_token",
    "save_place",
    "set_exception",
    "set_password",
    "sign_in",
    "sign_out",
    "start_looking",
    "stop_looking",
    "use_password_link",
]
