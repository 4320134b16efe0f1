"""Who asks."""

from django.http import HttpRequest

from trassa.access.queries import Actor, actor_of
from trassa.people.queries import person_of


def actor_of_request(request: HttpRequest) -> Actor:
    """The rights of whoever asks."""
    return actor_of(person_of(request))
