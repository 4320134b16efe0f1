"""Storage of the room `people`."""

from trassa.people.models.calendars import Absence, Calendar, CalendarException
from trassa.people.models.departments import Department
from trassa.people.models.handovers import HandOver, HandOverProgress
from trassa.people.models.passwords import PasswordLink
from trassa.people.models.persons import Person, PersonRole
from trassa.people.models.places import Place
from trassa.people.models.rights import RightsRevision
from trassa.people.models.roles import Role
from trassa.people.models.sessions import Session
from trassa.people.models.tokens import ApiToken

__all__ = [
    "Absence",
    "ApiToken",
    "Calendar",
    "CalendarException",
    "Department",
    "HandOver",
    "HandOverProgress",
    "PasswordLink",
    "Person",
    "PersonRole",
    "Place",
    "RightsRevision",
    "Role",
    "Session",
]
