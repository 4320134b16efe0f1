"""What a person orders of an import: try it, start it, stop it, take everything back."""

from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.imports.actions.orders import cancel_run, check_run, start_run, undo_run
from trassa.imports.screens.setups import refuse
from trassa.imports.types import ImportRun
from trassa.imports.views.pages import answer, show
from trassa.imports.views.setups import save
from trassa.kernel import Invalid


class Order(Protocol):
    """`check_run` or `start_run`."""

    def __call__(self, id: int, *, actor: Actor) -> ImportRun: ...


@require_POST
def check(request: HttpRequest, id: int) -> HttpResponse:
    """Try the whole file without writing anything."""
    return order(request, id, check_run)


@require_POST
def start(request: HttpRequest, id: int) -> HttpResponse:
    """Import the file; what was stopped goes on where it was."""
    return order(request, id, start_run)


def order(request: HttpRequest, id: int, verb: Order) -> HttpResponse:
    """Keep what the form says, if there is one, and have it done; what is wrong stands in the form."""
    actor = actor_of_request(request)
    if "duplicates" not in request.POST:
        verb(id, actor=actor)
        return answer(request, actor, id)
    run, asked = save(request, actor, id)
    if not asked.errors:
        try:
            verb(id, actor=actor)
            return answer(request, actor, id)
        except Invalid as error:
            asked = refuse(asked, error)
    return show(request, actor, run, asked=asked)


@require_POST
def cancel(request: HttpRequest, id: int) -> HttpResponse:
    """Stop it; what has come in stays."""
    actor = actor_of_request(request)
    cancel_run(id, actor=actor)
    return answer(request, actor, id)


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Take back everything that nobody has changed since."""
    actor = actor_of_request(request)
    undo_run(id, actor=actor)
    return answer(request, actor, id)
