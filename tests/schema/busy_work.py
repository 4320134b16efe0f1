"""What a busy process of the load test does: reads and writes all the time while the schema changes.

Run in a fresh interpreter by `busy_main`, because a fork would share the test's connection.
"""

import random
import threading
import time
import traceback
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from trassa.schema.actions import leases
from trassa.schema.metadata import read_number
from trassa.schema.queries import current_generation, pin_for_write, pin_generation
from trassa.schema.types import FieldSpec, Generation, TypeSpec

#: Values of these kinds are written and looked for at the end.
WRITABLE = ("text", "number", "date", "boolean")


@dataclass
class Report:
    """What one process did. `writes`: record id → its type's id and the text of each value by column."""

    writes: dict[int, tuple[int, dict[str, str]]] = field(default_factory=dict)
    reads: int = 0
    numbers: set[int] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return {
            "writes": [[id, type_id, values] for id, (type_id, values) in self.writes.items()],
            "reads": self.reads,
            "numbers": sorted(self.numbers),
            "errors": self.errors,
        }


def work(stop: threading.Event, dice: random.Random) -> dict[str, Any]:
    """Read and write until told to stop, with a lease as every process has one."""
    leases.LEASE, leases.RENEWAL_SECONDS = timedelta(seconds=3), 0.2
    report = Report()
    lease = threading.Thread(target=leases.keep_lease, args=(stop,))
    lease.start()
    while not stop.is_set() and len(report.errors) < 5:
        try:
            dice.choice((insert, insert, update, read))(report, dice)
        except Exception:
            report.errors.append(traceback.format_exc())
    stop.set()
    lease.join()
    return report.plain()


def insert(report: Report, dice: random.Random) -> None:
    """Insert a few records of one type, resolved after the pin."""
    with transaction.atomic():
        generation = pin_for_write()
        spec = dice.choice(list(generation))
        rows = [make_row(spec, dice) for _ in range(dice.randint(1, 3))]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO records_record (id, type_id, title) VALUES (%s, %s, '')",
                [(row["id"], spec.id) for row in rows],
            )
        spec.model._default_manager.bulk_create([spec.model(**row) for row in rows])
        assert read_number() == generation.number, "the schema changed during a write"
    note(report, generation, spec, rows)


def make_row(spec: TypeSpec, dice: random.Random) -> dict[str, Any]:
    """An id of the shared sequence and a value for each field."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('records_id_seq')")
        id = cursor.fetchone()[0]
    values = {each.column: value_for(each, dice) for each in spec.fields if each.kind in WRITABLE}
    return {"id": id, **values}


def value_for(each: FieldSpec, dice: random.Random) -> Any:
    """A value that no other record has."""
    number = dice.getrandbits(48)
    values = {
        "text": f"т{number}",
        "number": number,
        "date": date(2000, 1, 1) + timedelta(days=number % 9000),
        "boolean": bool(number % 2),
    }
    return values[each.kind]


def note(report: Report, generation: Generation, spec: TypeSpec, rows: list[dict[str, Any]]) -> None:
    """Remember what was committed."""
    report.numbers.add(generation.number)
    for row in rows:
        values = {column: str(value) for column, value in row.items() if column != "id"}
        report.writes[row["id"]] = (spec.id, values)


def update(report: Report, dice: random.Random) -> None:
    """Change every field of a record written before, if its type is still in use."""
    if not report.writes:
        return insert(report, dice)
    id = dice.choice(list(report.writes))
    type_id, known = report.writes[id]
    with transaction.atomic():
        generation = pin_for_write()
        spec = generation.types_by_id.get(type_id)
        if spec is None:
            return None
        values = make_row(spec, dice)
        del values["id"]
        if values:
            assert spec.model._default_manager.filter(pk=id).update(**values) == 1
        assert read_number() == generation.number, "the schema changed during a write"
    report.numbers.add(generation.number)
    report.writes[id] = (type_id, known | {column: str(value) for column, value in values.items()})
    return None


def read(report: Report, dice: random.Random) -> None:
    """Read one type twice under one pin, as a page does, with time passing between."""
    with pin_generation():
        for _ in range(2):
            spec = dice.choice(list(current_generation()))
            list(spec.model._default_manager.order_by("-id").values()[:20])
            for each in spec.fields:
                if each.kind == "links":
                    model = current_generation().link_models[each.id]
                    list(model._default_manager.values_list("from_id", "to_id")[:5])
            time.sleep(dice.random() * 0.02)
        report.numbers.add(current_generation().number)
    report.reads += 2
