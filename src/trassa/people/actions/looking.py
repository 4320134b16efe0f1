"""Administrators look at the system as another person: they see what that person sees and change nothing.

The session keeps whom they look as; `people.middleware.Looking` puts that person in their place for the
request and refuses every write.
"""

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid
from trassa.people.addresses import client_address
from trassa.people.history import write_entry
from trassa.people.models import Person
from trassa.people.queries import LOOKS_AS, looker_of, require_administrator


@transaction.atomic
def start_looking(request: HttpRequest, person: Person, *, actor_id: int) -> None:
    """From the next request on the browser shows what this person sees."""
    require_administrator(actor_id)
    if not person.is_active or person.id == actor_id:
        message = _("Look as somebody else who is not dismissed.")
        raise Invalid(message, errors=[FieldError("person", "unsuitable", message)])
    request.session[LOOKS_AS] = person.id
    cause = {"address": client_address(request)}
    write_entry("looking_started", ("person", person.id), {}, actor_id=actor_id, cause=cause)


@transaction.atomic
def stop_looking(request: HttpRequest) -> None:
    """Back to oneself; nothing happens to who looks as nobody."""
    looker = looker_of(request)
    person_id = request.session.pop(LOOKS_AS, None)
    if looker is not None and person_id is not None:
        cause = {"address": client_address(request)}
        write_entry("looking_ended", ("person", person_id), {}, actor_id=looker.id, cause=cause)
