"""Makes the calls that rules noted: signed, at least once, tried again with growing pauses."""

import hashlib
import hmac
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.automation.actions.timers import set_timers
from trassa.automation.events import CALLS_DUE
from trassa.automation.models import Call
from trassa.automation.outgoing import send
from trassa.automation.types import DueTimer, NewTimer
from trassa.journal import publish
from trassa.kernel import NotFound, TrassaError, now
from trassa.people.queries import require_administrator

#: Timers that make a call due again.
PURPOSE = "automation.call"
FIRST_RETRY, LAST_RETRY = 10.0, 3_600.0
#: Some two days.
MAX_ATTEMPTS = 56
#: Attempts that are remembered.
KEPT = 20


def make_call(id: int) -> None:
    """Try a call once. A worker that dies on the way leaves it due: it is made again under the same id."""
    call = Call.objects.filter(id=id, state=Call.State.DUE).first()
    if call is None:
        return
    began = time.monotonic()
    status, error, refused = 0, "", False
    try:
        status, _answer = send(call.url, call.body.encode(), headers_of(call))
        error = "" if 200 <= status < 300 else f"HTTP {status}"
    except TrassaError as problem:
        error, refused = str(problem), problem.status == 403
    note_attempt(id, status, error, int((time.monotonic() - began) * 1000), refused=refused)


def headers_of(call: Call) -> dict[str, str]:
    """What goes with the body; the signature covers moment and body."""
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Trassa",
        "X-Trassa-Id": str(call.key),
        "X-Trassa-Timestamp": moment,
    }
    if call.secret:
        headers["X-Trassa-Signature"] = sign(call.secret, moment, call.body)
    return headers


def sign(secret: str, moment: str, body: str) -> str:
    """HMAC-SHA-256 over “moment.body”, in hexadecimal."""
    return hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def note_attempt(id: int, status: int, error: str, milliseconds: int, *, refused: bool) -> None:
    """Write what an attempt met into the log, and say when the next one is."""
    call = Call.objects.select_for_update().get(id=id)
    if call.state != Call.State.DUE:
        return
    call.attempts += 1
    entry = {"at": now().isoformat(), "status": status, "error": error[:500], "ms": milliseconds}
    call.log = [*call.log, entry][-KEPT:]
    if not error:
        call.state, call.delivered_at = Call.State.DELIVERED, now()
    elif refused or call.attempts >= MAX_ATTEMPTS:
        call.state = Call.State.FAILED
    else:
        pause = min(FIRST_RETRY * 2 ** min(call.attempts - 1, 20), LAST_RETRY)
        set_timers([NewTimer(PURPOSE, str(id), due_at=now() + timedelta(seconds=pause))])
    call.save()


def call_again(timers: Sequence[DueTimer]) -> None:
    """Calls whose pause is over."""
    publish(CALLS_DUE, {"calls": [int(timer.subject) for timer in timers]})


@transaction.atomic
def repeat_call(id: int, *, actor_id: int | None) -> None:
    """Make a call again, whatever became of it. Administrators only."""
    require_administrator(actor_id)
    if not Call.objects.filter(id=id).update(state=Call.State.DUE, attempts=0):
        raise NotFound(_("There is no such call."))
    publish(CALLS_DUE, {"calls": [id]})
