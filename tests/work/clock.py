"""The moments at which tests of work take place, and the browsers of those who take part."""

from datetime import UTC, datetime, timedelta

from django.test import Client
from tests.factories.team import Team

#: A Friday, 12:00 in Moscow.
NOON = datetime(2026, 11, 27, 9, tzinfo=UTC)
#: The same day, three in the afternoon; work ends at six.
AFTERNOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def hours(number: float, after: datetime = NOON) -> datetime:
    """So many hours after noon, or before."""
    return after + timedelta(hours=number)


def browser(team: Team, who: str = "seller") -> Client:
    """A browser in which somebody of the team has signed in."""
    client = Client()
    client.force_login(getattr(team, who))
    return client
