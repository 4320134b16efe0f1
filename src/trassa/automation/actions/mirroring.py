"""Keeps chosen fields of records in step with those that rules made for them, in both directions."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
from django.db.utils import InterfaceError

from trassa.access.queries import Actor, system_actor
from trassa.automation.actions.running import (
    MAX_CHAIN,
    Occasion,
    fail,
    flight_of,
    occasion_of,
    read_rows,
    store_flights,
)
from trassa.automation.models import Companion, Rule, Run
from trassa.automation.queries.values import json_values
from trassa.automation.rulebook import find_version, mirror_at, rulebook_of
from trassa.automation.types import Flight, Mirror
from trassa.kernel import now
from trassa.records.actions.write import write_records
from trassa.records.registries import WrittenRecord
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec

logger = logging.getLogger(__name__)

#: The event of runs about fields that could not be kept in step.
KEPT = "kept"


def mirrored(record: WrittenRecord) -> Iterator[tuple[Mirror, str]]:
    """Mirrors whose fields a write changed, each with the column."""
    if record.before is None:
        return
    for column, mirrors in rulebook_of(record.spec).mirrors.items():
        if column in record.changed_links or record.before.get(column) != record.after.get(column):
            yield from ((mirror, column) for mirror in mirrors)


def keep_in_step(written: Sequence[WrittenRecord], actor: Actor, cause: Mapping[str, Any]) -> None:
    """Give other ends of changed records the same values; equal ones change nothing, so it comes to rest."""
    if len(cause.get("chain", ())) >= MAX_CHAIN:
        return
    occasion = occasion_of(KEPT, actor, cause)
    for record in written:
        changed: dict[tuple[int, str], tuple[Mirror, set[str]]] = {}
        for mirror, column in mirrored(record):
            changed.setdefault((mirror.rule_id, mirror.step), (mirror, set()))[1].add(column)
        for mirror, columns in changed.values():
            for companion in companions_of(mirror, record.id):
                pass_on(mirror, columns, companion, record, occasion)


def companions_of(mirror: Mirror, record_id: int) -> list[Companion]:
    rows = Companion.objects.filter(rule_id=mirror.rule_id, step=mirror.step)
    return list(rows.filter(Q(source_id=record_id) | Q(target_id=record_id)))


def pass_on(
    mirror: Mirror, columns: set[str], companion: Companion, record: WrittenRecord, occasion: Occasion
) -> None:
    """Write the changed fields of a record into its companion; what refuses them is shown as a failed run."""
    because = {
        "kind": "rule",
        "rule": mirror.rule_id,
        "label": {"ru": mirror.label.ru, "en": mirror.label.en},
        "person": occasion.person_id,
        "chain": [*occasion.chain, [-mirror.rule_id, record.id]],
    }
    try:
        give(mirror, columns, companion, record.id, because)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # the change of this record stays whatever the other one says
        logger.warning("rules: %s and %s are out of step: %s", record.id, companion.id, error)
        note_failure(mirror, columns, record.id, because, error)


def give(
    mirror: Mirror, columns: Collection[str], companion: Companion, record_id: int, cause: Mapping[str, Any]
) -> None:
    """Write these fields of a record into its companion, as they are now."""
    forward = companion.source_id == record_id
    spec, _id = other_end(mirror, companion, forward=not forward)
    other, id = other_end(mirror, companion, forward=forward)
    if spec is None or other is None or not read_rows(other, [id]):
        return
    pairs = mirror.pairs if forward else [(theirs, mine) for mine, theirs in mirror.pairs]
    known = spec.by_code
    pairs = [(mine, theirs) for mine, theirs in pairs if mine in known and known[mine].column in columns]
    values = json_values(spec, record_id, [mine for mine, _theirs in pairs])
    fields = {theirs: values[mine] for mine, theirs in pairs if mine in values}
    with transaction.atomic():
        write_records(
            [Write(Change.EDIT, other.code, id=id, fields=fields)], actor=system_actor(), cause=cause
        )


def give_again(run: Run) -> None:
    """Bring the other ends of a record in step that refused it before; the run is locked by the caller."""
    pin_for_write()
    flight = flight_of(run)
    mirror = mirror_at(flight.rule, run.place)
    try:
        if mirror is not None:
            give_to_all(mirror, run, flight)
        flight.stop()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # it stays for another attempt and for an administrator
        fail(flight, error)
    store_flights([run], [flight])


def give_to_all(mirror: Mirror, run: Run, flight: Flight) -> None:
    """Write the fields of a run into every companion of its record."""
    for companion in companions_of(mirror, run.record_id):
        give(mirror, run.why["columns"], companion, run.record_id, run.cause)
        other, id = other_end(mirror, companion, forward=companion.source_id == run.record_id)
        if other is not None:
            flight.tell(type=other.code, id=id, did="kept")


def other_end(mirror: Mirror, companion: Companion, *, forward: bool) -> tuple[TypeSpec | None, int]:
    """Type and id of the record at the other end."""
    generation = current_generation()
    source = generation.types_by_id.get(mirror.source_type_id)
    target = generation.types.get(mirror.target_type) if mirror.target_type else source
    return (target, companion.target_id) if forward else (source, companion.source_id)


def note_failure(
    mirror: Mirror, columns: Collection[str], record_id: int, cause: Mapping[str, Any], error: Exception
) -> None:
    """Leave a trace that administrators see, and another attempt where one makes sense."""
    moment = now()
    version = Rule.objects.values_list("version", flat=True).get(id=mirror.rule_id)
    rule = find_version(mirror.rule_id, version)
    places = (
        at
        for at in range(len(rule.program))
        if (found := mirror_at(rule, at)) is not None and found.step == mirror.step
    )
    run = Run.objects.create(
        rule_id=mirror.rule_id,
        version=version,
        place=next(places, 0),
        record_id=record_id,
        event=KEPT,
        state=Run.State.FAILED,
        why={"result": KEPT, "step": mirror.step, "columns": sorted(columns)},
        cause=dict(cause),
        at=moment,
    )
    flight = flight_of(run)
    fail(flight, error)
    store_flights([run], [flight])
