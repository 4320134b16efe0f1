"""What comes in at the address of a rule: kept first, then done by a job, once however often it is sent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.utils import InterfaceError
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import system_actor
from trassa.automation.actions.addresses import digest_of
from trassa.automation.actions.running import Occasion, start_runs, words_of
from trassa.automation.actions.timers import set_timers
from trassa.automation.events import ARRIVED
from trassa.automation.heads import kept_head
from trassa.automation.models import Arrival, Rule
from trassa.automation.queries.deliveries import ARRIVAL_BODY, content_of
from trassa.automation.rulebook import compile_row
from trassa.automation.types import CompiledRule, DueTimer, NewTimer
from trassa.journal import publish
from trassa.kernel import Invalid, NotFound, now, seal
from trassa.people.queries import require_administrator
from trassa.records.actions.write import write_records
from trassa.records.queries import list_records
from trassa.records.types import Change, Filter, ListQuery, Write
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec

PURPOSE = "automation.arrival"
FIRST_RETRY, LAST_RETRY = 10.0, 3_600.0
MAX_ATTEMPTS = 12
#: Without a key of the sender the same content counts once within this time, twice it at most: networks
#: repeat themselves at once, while somebody who asks the same days later asks anew.
SAME = timedelta(minutes=10)
#: A longer key of a sender is kept as its digest, for the index.
LONGEST_KEY = 200


@transaction.atomic
def receive(secret: str, body: Any, key: str, head: Iterable[tuple[str, str]] = ()) -> Arrival:
    """Keep what came in; the same again is the same arrival. Raises NotFound where nobody listens."""
    listening = Rule.objects.filter(is_active=True, retired_at=None)
    row = listening.filter(address_digest=digest_of(secret)).first()
    if row is None or row.definition["when"]["event"] != "hook":
        raise NotFound(_("There is no such address."))
    keys = keys_of(body, key)
    known = Arrival.objects.filter(rule=row, key__in=keys).first()
    if known is not None:
        return known
    sealed = seal(json.dumps(body, ensure_ascii=False), ARRIVAL_BODY)
    arrival, is_new = Arrival.objects.get_or_create(
        rule=row, key=keys[0], defaults={"sealed_body": sealed, "head": kept_head(head)}
    )
    if is_new:
        publish(ARRIVED, {"arrival": arrival.id})
    return arrival


def keys_of(body: Any, key: str) -> list[str]:
    """Keys under which the same may have come already; the first is what it is kept under."""
    if key:
        return [key if len(key) <= LONGEST_KEY else digest_of(key)]
    digest = digest_of(json.dumps(body, sort_keys=True, ensure_ascii=False))
    slot = int(now().timestamp() // SAME.total_seconds())
    return [f"{digest}:{slot}", f"{digest}:{slot - 1}"]


@transaction.atomic
def take_arrival(id: int) -> None:
    """Find or create the record, give it what came, and go through the rule's steps; all of it or nothing."""
    pin_for_write()
    arrival = Arrival.objects.select_for_update().select_related("rule").get(id=id)
    if arrival.state == Arrival.State.DONE:
        return
    try:
        with transaction.atomic():
            arrival.record_id = carry_in(compile_row(arrival.rule), arrival)
        arrival.state, arrival.error, arrival.done_at = Arrival.State.DONE, "", now()
        arrival.attempts += 1
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # it stays for another attempt and for an administrator
        arrival.state, arrival.error = Arrival.State.FAILED, words_of(error)
        arrival.attempts += 1
        if not isinstance(error, Invalid) and arrival.attempts < MAX_ATTEMPTS:
            pause = min(FIRST_RETRY * 2 ** (arrival.attempts - 1), LAST_RETRY)
            set_timers([NewTimer(PURPOSE, str(id), due_at=now() + timedelta(seconds=pause))])
    arrival.save()


def carry_in(rule: CompiledRule, arrival: Arrival) -> int:
    """The record that is meant, after everything was done."""
    spec = current_generation().types_by_id[rule.type_id]
    settings: Any = rule.settings
    body = content_of(arrival)
    values = {
        code: found
        for code, path in {**settings.find, **settings.fields}.items()
        if (found := part_of(body, path)) is not None
    }
    id = find_record(spec, settings.find, values)
    cause = {
        "kind": "rule",
        "rule": rule.id,
        "label": {"ru": rule.label.ru, "en": rule.label.en},
        "chain": [],
    }
    if id is None and not settings.create:
        raise Invalid(_("No record fits what came in."), code="no_record")
    if id is None:
        given = Write(Change.CREATE, spec.code, fields=values, pipeline=settings.pipeline or None)
    else:
        fields = {code: value for code, value in values.items() if code in settings.fields}
        given = Write(Change.EDIT, spec.code, id=id, fields=fields)
    [outcome] = write_records([given], actor=system_actor(), cause=cause)
    assert outcome.id is not None
    occasion = Occasion("hook", cause={"kind": "hook"}, key=f"arrival:{arrival.id}")
    start_runs(rule, spec, [outcome.id], occasion)
    return outcome.id


def part_of(body: Any, path: str) -> Any:
    """The value at “offer.lines.0.price” of a body; None when it is not there."""
    at = body
    for step in path.split("."):
        if isinstance(at, Mapping):
            at = at.get(step)
        elif isinstance(at, list) and step.isdigit() and int(step) < len(at):
            at = at[int(step)]
        else:
            return None
    return at


def find_record(spec: TypeSpec, find: Mapping[str, str], values: Mapping[str, Any]) -> int | None:
    """The oldest record with the value that finds it."""
    for code in find:
        if values.get(code) in (None, ""):
            return None
        query = ListQuery(filters=[Filter(code, "eq", values[code])], order="id", limit=1)
        page = list_records(system_actor(), spec, query)
        return page.items[0].id if page.items else None
    return None


def take_again(timers: Sequence[DueTimer]) -> None:
    """Arrivals whose pause is over."""
    for timer in timers:
        publish(ARRIVED, {"arrival": int(timer.subject)})


@transaction.atomic
def replay_arrival(id: int, *, actor_id: int | None) -> None:
    """Do what came in once more, after what was in its way is mended. Administrators only."""
    require_administrator(actor_id)
    if not Arrival.objects.filter(id=id, state=Arrival.State.FAILED).update(attempts=0):
        raise NotFound(_("There is nothing to go on with."))
    publish(ARRIVED, {"arrival": id})
