"""The automation of one record: a part of its card."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.access.types import Verb
from trassa.automation.actions import run_rule
from trassa.automation.actions.resuming import place_of
from trassa.automation.models import Run
from trassa.automation.queries import get_rule
from trassa.automation.screens.cards import automation_of
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.schema.types import Label
from trassa.ui import add_toast, render

PART = "automation/card.html"


@require_safe
def card(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Buttons, what rules did with the record, and why others did nothing."""
    return draw(request, type, id)


def draw(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """The automation of a record as it stands."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    may = actor.may(Verb.EDIT, place_of(spec, record))
    view = automation_of(actor, spec, id, stage_id=record.stage_id, may=may)
    return render(request, "automation/card_page.html", {"view": view, "title": record.title}, fragment=PART)


@require_POST
def press(request: HttpRequest, type: str, id: int, code: str) -> HttpResponse:
    """Carries a rule out for the record; the card is drawn anew."""
    actor = actor_of_request(request)
    get_record(actor, get_type(actor, type), id)
    run = run_rule(code, id, actor=actor, cause={"kind": "hand"})
    name = str(Label(**get_rule(code).label))
    tone: Literal["ok", "warn", "bad"]
    if run.state == Run.State.SKIPPED:
        text, tone = _("“%s”: the condition is not met, nothing was done.") % name, "warn"
    elif run.state == Run.State.FAILED:
        text, tone = _("“%s” failed. See the automation of the card.") % name, "bad"
    elif run.state == Run.State.DONE:
        text, tone = _("“%s” is done.") % name, "ok"
    else:
        text, tone = _("“%s” has begun and goes on later.") % name, "ok"
    return add_toast(draw(request, type, id), text, tone=tone)
