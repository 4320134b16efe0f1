"""Carries rules out: judges conditions, takes records through the steps, and leaves a trace of everything.

Records that come to a step together go through it together: a batch costs as many statements as one record. A
step that fails is undone alone: the change that the rule answered to stays. See docs/decisions/0012-rules.md.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import OperationalError, transaction
from django.db.utils import InterfaceError

from trassa.access.queries import Actor, system_actor
from trassa.automation.actions.timers import set_timers
from trassa.automation.checking import BRANCH
from trassa.automation.events import RUNS_QUEUED
from trassa.automation.models import Run
from trassa.automation.registries import step_kinds
from trassa.automation.rulebook import JUMP, find_version
from trassa.automation.types import CompiledRule, Flight, Instruction, NewTimer
from trassa.expressions import Node, Value, Values, compute_with, paths_in
from trassa.journal import publish
from trassa.kernel import Conflict, TrassaError, Unavailable, now
from trassa.records.actions.statements import Statements, insert_models
from trassa.records.actions.write import write_records
from trassa.records.queries.values import State, load_values
from trassa.records.types import Outcome, Write
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec

logger = logging.getLogger(__name__)

#: Timers that go on with a run.
PURPOSE = "automation.run"
#: So many rules may follow from one another.
MAX_CHAIN = 20
#: Seconds before the first repetition of a step that failed, and the most between two.
FIRST_RETRY, LAST_RETRY = 10.0, 3_600.0
MAX_ATTEMPTS = 12

Rows = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What rules answer to: an event, who brought it about, and what led to it as history says it."""

    event: str
    person_id: int | None = None
    cause: Mapping[str, Any] = field(default_factory=dict)
    #: Says once for all which occasion this is, where it could come twice.
    key: str | None = None
    #: What is known beside the record.
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def chain(self) -> Sequence[Sequence[int]]:
        """Rules that led here, each with its record."""
        chain: Sequence[Sequence[int]] = self.cause.get("chain", ())
        return chain


def occasion_of(event: str, actor: Actor, cause: Mapping[str, Any], **more: Any) -> Occasion:
    """The occasion of a write: behind a rule stands the person who set it off."""
    return Occasion(event, actor.id if actor.id is not None else cause.get("person"), cause, **more)


def start_runs(rule: CompiledRule, spec: TypeSpec, ids: Sequence[int], occasion: Occasion) -> list[Run]:
    """Evaluate a rule for records and carry it out for those that meet its condition.

    Inside the caller's transaction. Records that answered to the same occasion before are left out.
    """
    looping = [id for id in ids if is_looping(rule, id, occasion.chain)]
    judged = judge(rule, spec, [id for id in ids if id not in looping], occasion.person_id)
    judged |= {id: {"result": "loop"} for id in looping}
    moment = now()
    runs = [
        Run(
            rule_id=rule.id,
            version=rule.version,
            record_id=id,
            event=occasion.event,
            key=occasion.key,
            state=Run.State.DONE if why["result"] == "met" else Run.State.SKIPPED,
            why=why,
            cause=dict(occasion.cause) | {"person": occasion.person_id},
            at=moment,
            ended_at=moment,
        )
        for id, why in judged.items()
    ]
    runs = store_new(runs, occasion.key)
    fired = [run for run in runs if run.state == Run.State.DONE]
    fly(rule, fired, occasion)
    return runs


def store_new(runs: Sequence[Run], key: str | None) -> list[Run]:
    """Store runs, without those of an occasion that was answered already."""
    if key is not None:
        known = Run.objects.filter(
            rule_id__in={run.rule_id for run in runs}, record_id__in=[run.record_id for run in runs], key=key
        )
        answered = set(known.values_list("record_id", flat=True))
        runs = [run for run in runs if run.record_id not in answered]
    insert_models(runs)
    return list(runs)


def is_looping(rule: CompiledRule, record_id: int, chain: Sequence[Sequence[int]]) -> bool:
    """Whether a rule would answer to its own doing."""
    return len(chain) >= MAX_CHAIN or any(id == rule.id and of in (0, record_id) for id, of in chain)


def judge(
    rule: CompiledRule, spec: TypeSpec, ids: Sequence[int], person_id: int | None
) -> dict[int, dict[str, Any]]:
    """For each record whether the rule's condition is met, with the values that it looked at."""
    if rule.condition is None:
        return {id: {"result": "met"} for id in ids}
    found = compute_all(rule.condition, spec, ids, person_id)
    return {
        id: {
            "result": "met" if value is True else "unmet" if value is False else "error",
            "values": told_values(rule.condition, values),
        }
        for id, (value, values) in found.items()
    }


def compute_all(
    node: Node, spec: TypeSpec, ids: Sequence[int], person_id: int | None
) -> dict[int, tuple[Value, Values]]:
    """The value of an expression for each record as it stands, with what it was computed from."""
    rows = read_rows(spec, ids)
    states = [State(id, row) for id, row in rows.items()]
    compute = compute_with(node, reader_id=person_id)
    values = load_values(current_generation(), spec, [node], states)
    return {id: (compute(each), each) for id, each in zip(rows, values, strict=True)}


def read_rows(spec: TypeSpec, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Records as they stand, without those in the bin."""
    rows = spec.model._default_manager.filter(pk__in=list(ids), deleted_at=None).values()
    found = {row["id"]: row for row in rows}
    return {id: found[id] for id in ids if id in found}


def told_values(node: Node, values: Values) -> list[list[Any]]:
    """The values of the fields in a condition, as JSON, by their paths."""
    paths = dict.fromkeys(path for path in paths_in(node) if path in values)
    return [[[*path], plain(values[path])] for path in paths]


def plain(value: Any) -> Any:
    """A value as JSON; of linked records only how many there are."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list):
        return len(value)
    return value if value is None or isinstance(value, bool | int | str | tuple) else str(value)


def fly(rule: CompiledRule, runs: Sequence[Run], occasion: Occasion) -> None:
    """Take runs that have just begun through the rule, and store how far they came."""
    flights = [
        Flight(rule, run.record_id, occasion.person_id, occasion.chain, run.id, given=occasion.given)
        for run in runs
    ]
    advance(flights)
    store_flights(runs, flights)


def advance(flights: Sequence[Flight], *, in_job: bool = False) -> None:
    """Carry steps out until every flight has ended or lets time pass."""
    flying = [flight for flight in flights if flight.state == "flying"]
    while flying:
        for flight in flying:
            if flight.place >= len(flight.rule.program):
                flight.stop()
        flying = [flight for flight in flying if flight.state == "flying"]
        if flying:
            place = min(flight.place for flight in flying)
            take_step([flight for flight in flying if flight.place == place], in_job=in_job)
        flying = [flight for flight in flying if flight.state == "flying"]


def take_step(flights: Sequence[Flight], *, in_job: bool) -> None:
    """One instruction for all flights that have come to it."""
    instruction = flights[0].instruction
    if instruction.kind == JUMP:
        for flight in flights:
            flight.place = instruction.otherwise
    elif instruction.kind == BRANCH:
        choose(instruction, flights)
    elif step_kinds.get(instruction.kind).slow and not in_job:
        for flight in flights:
            flight.state = Run.State.QUEUED
    else:
        carry_out(instruction, flights)


def choose(instruction: Instruction, flights: Sequence[Flight]) -> None:
    """Go on behind the condition of a branch."""
    if instruction.condition is None:
        return
    spec = type_of(flights[0].rule)
    person_id = flights[0].person_id
    found = compute_all(instruction.condition, spec, [each.record_id for each in flights], person_id)
    for flight in flights:
        value, values = found.get(flight.record_id, (None, {}))
        flight.tell(holds=value is True, values=told_values(instruction.condition, values))
        flight.place = flight.place + 1 if value is True else instruction.otherwise


def carry_out(instruction: Instruction, flights: Sequence[Flight]) -> None:
    """Let a step work on all flights at once; should it refuse, on each alone, so that one fails alone."""
    noted = [len(flight.steps) for flight in flights]
    try:
        with transaction.atomic():
            step_kinds.get(instruction.kind).carry_out(instruction.settings, flights)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # whatever a step meets, the change that the rule answers to stays
        for flight, count in zip(flights, noted, strict=True):
            del flight.steps[count:]
        if len(flights) > 1:
            for flight in flights:
                carry_out(instruction, [flight])
            return
        fail(flights[0], error)
        return
    for flight in flights:
        flight.attempts = 0
        flight.place += 1


def fail(flight: Flight, error: Exception) -> None:
    """Note an error; what may go better later is tried again with growing pauses."""
    expected = isinstance(error, TrassaError)
    if not expected:
        logger.exception("rules: %s failed for %s", flight.rule.code, flight.record_id)
    flight.tell(error=words_of(error))
    flight.state = Run.State.FAILED
    flight.attempts += 1
    passing = not expected or isinstance(error, Conflict | Unavailable)
    if passing and flight.attempts < MAX_ATTEMPTS:
        pause = min(FIRST_RETRY * 2 ** (flight.attempts - 1), LAST_RETRY)
        flight.resumes_at = now() + timedelta(seconds=pause)


def words_of(error: Exception) -> str:
    """What went wrong, with the fields at fault."""
    if not isinstance(error, TrassaError):
        return f"{type(error).__name__}: {error}"[:500]
    fields = "; ".join(
        f"{each.field}: {each.message}" if each.field else str(each.message) for each in error.errors
    )
    return fields or str(error)


def store_flights(runs: Sequence[Run], flights: Sequence[Flight]) -> None:
    """Keep how far runs came, and set off what goes on with them."""
    if not runs:
        return
    for run, flight in zip(runs, flights, strict=True):
        run.state, run.place, run.steps, run.attempts = (
            flight.state,
            flight.place,
            flight.steps,
            flight.attempts,
        )
        run.ended_at = now() if flight.state == Run.State.DONE else None
    statements = Statements()
    statements.update_models(runs, ["state", "place", "steps", "attempts", "ended_at"])
    statements.run()
    set_timers(
        [
            NewTimer(PURPOSE, str(flight.run_id), due_at=flight.resumes_at, record_id=flight.record_id)
            if flight.anchor is None
            else NewTimer(PURPOSE, str(flight.run_id), anchor=flight.anchor)
            for flight in flights
            if flight.resumes_at is not None or flight.anchor is not None
        ]
    )
    queued = [flight.run_id for flight in flights if flight.state == Run.State.QUEUED]
    if queued:
        publish(RUNS_QUEUED, {"runs": queued})


def resume(run: Run, *, in_job: bool = False) -> None:
    """Go on with a run, locked by the caller, where it stands."""
    pin_for_write()
    flight = flight_of(run)
    spec = current_generation().types_by_id.get(flight.rule.type_id)
    if spec is None or not read_rows(spec, [run.record_id]):
        flight.stop()
    advance([flight], in_job=in_job)
    store_flights([run], [flight])


def flight_of(run: Run) -> Flight:
    """A run where it stands."""
    return Flight(
        find_version(run.rule_id, run.version),
        run.record_id,
        run.cause.get("person"),
        run.cause.get("chain", ()),
        run.id,
        place=run.place,
        steps=run.steps,
        attempts=run.attempts,
    )


def type_of(rule: CompiledRule) -> TypeSpec:
    return current_generation().types_by_id[rule.type_id]


def cause_of(flights: Sequence[Flight]) -> dict[str, Any]:
    """What history says of what these flights write: the rule, and the person who set it off."""
    first = flights[0]
    alone = len(flights) == 1
    cause: dict[str, Any] = {
        "kind": "rule",
        "rule": first.rule.id,
        "label": {"ru": first.rule.label.ru, "en": first.rule.label.en},
        "person": first.person_id,
        "chain": [*first.chain, [first.rule.id, first.record_id if alone else 0]],
    }
    return cause | {"run": first.run_id} if alone else cause


def write_for(flights: Sequence[Flight], writes: Sequence[Write]) -> list[Outcome]:
    """Write as the rule: with the rights of the system, and everything that records ask for."""
    return write_records(writes, actor=system_actor(), cause=cause_of(flights))
