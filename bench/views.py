"""A saved view of each reader: conditions, an expression, an order, columns with widths."""

from collections.abc import Sequence

from trassa.access.queries import actor_of
from trassa.people.queries import get_person_by_login
from trassa.records.actions.saved_views import save_view
from trassa.records.queries import read_where
from trassa.records.queries.saved_views import list_views
from trassa.records.screens.saved_views import address_of
from trassa.records.types import Arrangement, Column, Filter, Narrowing
from trassa.schema.queries import current_generation

NAME = "Крупные в работе"
FILTERS = (
    Filter("amount", "gte", "3 000 000"),
    Filter("amount", "lte", "8 000 000"),
    Filter("stage", "in", "new,negotiation,showing"),
)
WHERE = 'source <> "other" AND NOT(ISBLANK(client))'
COLUMNS = ("title", "number", "stage", "client", "source", "amount", "next_contact_on", "owner", "created_at")


def views_of(logins: Sequence[str]) -> dict[str, str]:
    """The address at which each reader's view opens; it is saved when it is not there yet."""
    spec = current_generation().types["deal"]
    arrangement = Arrangement(columns=tuple(Column(code, 140) for code in COLUMNS))
    found = {}
    for login in logins:
        actor = actor_of(get_person_by_login(login))
        narrowing = Narrowing(FILTERS, order="-amount", where=read_where(actor, spec, WHERE))
        if not list_views(actor, spec, None):
            save_view(NAME, spec, None, narrowing, arrangement, actor=actor)
        [view] = list_views(actor, spec, None)
        found[login] = address_of(actor, view).url
    return found
