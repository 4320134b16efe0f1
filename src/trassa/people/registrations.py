"""What this room enters into the registries of lower rooms."""

from trassa.api import Caller, authenticators, routers
from trassa.journal import Subscriber, subscribers
from trassa.people.actions.tokens import note_token_use
from trassa.people.api.handovers import router as handover_router
from trassa.people.api.people import router
from trassa.people.api.working_time import router as working_time_router
from trassa.people.events import HAND_OVER_ORDERED, carry_out_hand_overs
from trassa.people.navigation import list_commands, list_home, list_places
from trassa.people.queries import authenticate_token, looker_of
from trassa.people.registries import open_to_onlookers
from trassa.people.screens.menus import arrange_for
from trassa.ui import (
    AccountNote,
    Banner,
    account_menu,
    arrangers,
    banners,
    commands,
    navigation,
    palette_answers,
)


def find_caller(text: str) -> Caller | None:
    """Who stands behind a bearer token, as the API wants to know it."""
    bearer = authenticate_token(text)
    if bearer is None:
        return None
    note_token_use(bearer)
    return Caller(bearer.person, bearer.scopes, bearer.token_id)


def register() -> None:
    """Called once, when Django is ready."""
    authenticators.register("people", find_caller)
    routers.register("people", router)
    routers.register("people.hand_overs", handover_router)
    routers.register("people.working_time", working_time_router)
    subscribers.register("people.hand_overs", Subscriber(HAND_OVER_ORDERED, carry_out_hand_overs))
    navigation.register("people.home", list_home)
    navigation.register("people", list_places)
    arrangers.register("people", arrange_for)
    commands.register("people", list_commands)
    # It is posted to and changes nothing.
    open_to_onlookers(palette_answers)
    banners.register("people", Banner("people/looking.html", lambda request: looker_of(request) is not None))
    account_menu.register("people", AccountNote("people/account_menu.html"))
