"""Word to everybody who reckons with working time."""

from collections.abc import Sequence

from trassa.journal import publish
from trassa.people.actions.rights import bump_rights_revision
from trassa.people.events import WORKING_TIME_CHANGED


def tell_working_time(people: Sequence[int] | None) -> None:
    """Working time of these people (None: of anybody) is another one: calendars are read anew, and what is
    due is counted anew. Call it inside the transaction that changes it.
    """
    bump_rights_revision()
    publish(WORKING_TIME_CHANGED, {"people": None if people is None else list(people)})
