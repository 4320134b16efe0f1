"""Makes the calls that rules noted: signed, at least once, tried again with growing pauses."""

import hashlib
import hmac
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.automation.actions.timers import set_timers
from trassa.automation.events import CALLS_DUE
from trassa.automation.heads import MASK, kept_head
from trassa.automation.models import Call
from trassa.automation.outgoing import Answer, send
from trassa.automation.placeholders import filled
from trassa.automation.queries.deliveries import body_of
from trassa.automation.queries.secrets import open_secret
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
#: Characters of a refusal that are remembered.
LONGEST_ANSWER = 300
#: Answers of systems that are busy, and seconds for which they may ask at most.
BUSY, LONGEST_ASKED = (429, 503), 86_400.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt met; `error` is "" for a delivery."""

    error: str
    milliseconds: int
    #: The head as it is remembered: secrets by their codes.
    sent: Mapping[str, str]
    answer: Answer | None = None
    #: Another attempt would meet the same.
    is_final: bool = False


def make_call(id: int) -> None:
    """Try a call once. A worker that dies on the way leaves it due: it is made again under the same id."""
    call = Call.objects.filter(id=id, state=Call.State.DUE).first()
    if call is not None:
        note_attempt(id, attempt(call))


def attempt(call: Call) -> Attempt:
    """Send a call."""
    began = time.monotonic()
    headers: Mapping[str, str] = {}
    opened: set[str] = set()
    answer, error, is_final = None, "", False

    def value_of(code: str) -> str:
        value = open_secret(code)
        opened.update((value, quote(value, safe=":")))
        return value

    try:
        body = body_of(call)
        headers = headers_of(call, body)
        further = {name: filled(value, value_of) for name, value in call.headers.items()}
        url = filled(call.url, lambda code: quote(value_of(code), safe=":"))
        answer = send(url, body.encode(), {**headers, **further})
        error = "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
    except TrassaError as problem:
        error, is_final = str(problem), problem.status == 403
    sent = {**headers, **call.headers}
    answer = answer and masked(answer, opened)
    return Attempt(without(opened, error), int((time.monotonic() - began) * 1000), sent, answer, is_final)


def masked(answer: Answer, secrets: Collection[str]) -> Answer:
    """An answer without the secrets that were sent: some systems say back what they do not like."""
    head = [(name, without(secrets, value)) for name, value in answer.head]
    return replace(answer, head=head, text=without(secrets, answer.text))


def without(secrets: Collection[str], text: str) -> str:
    """A text in which secrets are masked."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK) if secret else text
    return text


def headers_of(call: Call, body: str) -> dict[str, str]:
    """What always goes with the body; the signature covers moment and body.

    Raises Unavailable when the secret is not there to be read: nothing goes out unsigned.
    """
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Trassa",
        "X-Trassa-Id": str(call.key),
        "X-Trassa-Timestamp": moment,
    }
    if call.secret:
        headers["X-Trassa-Signature"] = sign(open_secret(call.secret), moment, body)
    return headers


def sign(secret: str, moment: str, body: str) -> str:
    """HMAC-SHA-256 over “moment.body”, in hexadecimal."""
    return hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def note_attempt(id: int, met: Attempt) -> None:
    """Write what an attempt met into the log, and say when the next one is."""
    call = Call.objects.select_for_update().get(id=id)
    if call.state != Call.State.DUE:
        return
    call.attempts += 1
    call.log = [*call.log, entry_of(met)][-KEPT:]
    if not met.error:
        call.state, call.delivered_at = Call.State.DELIVERED, now()
    elif met.is_final or call.attempts >= MAX_ATTEMPTS:
        call.state = Call.State.FAILED
    else:
        pause = min(FIRST_RETRY * 2 ** min(call.attempts - 1, 20), LAST_RETRY)
        pause = max(pause, asked_pause(met.answer))
        set_timers([NewTimer(PURPOSE, str(id), due_at=now() + timedelta(seconds=pause))])
    call.save()


def entry_of(met: Attempt) -> dict[str, Any]:
    """An attempt as the log keeps it."""
    answer = met.answer
    return {
        "at": now().isoformat(),
        "status": answer.status if answer else 0,
        "error": met.error[:500],
        "ms": met.milliseconds,
        "sent": kept_head(met.sent.items()),
        "got": kept_head(answer.head) if answer else [],
        "answer": answer.text[:LONGEST_ANSWER] if answer and met.error else "",
    }


def asked_pause(answer: Answer | None) -> float:
    """Seconds that a busy system asks to wait (`Retry-After`: seconds or a date), a day at most."""
    asked = answer.find("Retry-After").strip() if answer and answer.status in BUSY else ""
    if asked.isdigit():
        return min(float(asked), LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return 0.0
    return min(max(0.0, (moment.astimezone(UTC) - now()).total_seconds()), LONGEST_ASKED)


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
