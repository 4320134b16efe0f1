"""Processes read and write all the time while types and fields come, change, go and come back.

No error, no lost write, no missing constraint.
"""

import json
import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from tests.factories.schema import CAUSE, field, make_type, options, pipeline

from trassa.kernel import Invalid
from trassa.schema.actions import SchemaChange, changing_schema, destroying, tables
from trassa.schema.actions.finishing import finish_type
from trassa.schema.models import Field, RecordType
from trassa.schema.queries import list_discrepancies
from trassa.schema.types import Label, Layouts

ROOT = Path(__file__).parents[2]
SECONDS = 8.0
PROCESSES = 3
LABEL = Label("Имя", "Name")
ADDED_KINDS = ("text", "number", "date", "boolean", "choice", "person", "link", "links", "auto_number")


class Changer:
    """Changes the schema at random and remembers what it did."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.count = 0
        self.done: dict[str, int] = {}
        self.refused = 0

    def run(self, seconds: float) -> None:
        """Rounds of every action in random order, until each has happened and time is up."""
        actions = [
            self.add_field,
            self.add_field,
            self.change_field,
            self.rename_field,
            self.retire_field,
            self.restore_field,
            self.destroy_field,
            self.create_type,
            self.rename_type,
            self.retire_type,
            self.restore_type,
            self.save_layouts,
            self.finish,
            self.drop,
        ]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.dice.shuffle(actions)
            for action in actions:
                self.attempt(action)

    def attempt(self, action: Any) -> None:
        """Do one thing; what the rules forbid at the moment is refused and counted."""
        try:
            if action in (self.finish, self.drop):
                happened = action()
            else:
                with changing_schema(actor_id=None, cause=CAUSE) as change:
                    happened = action(change)
        except Invalid:
            self.refused += 1
            return
        if happened is not False:
            self.done[action.__name__] = self.done.get(action.__name__, 0) + 1

    def new_code(self) -> str:
        self.count += 1
        return f"x{self.count}"

    def a_type(self) -> RecordType:
        return self.dice.choice(list(RecordType.objects.filter(retired_at=None)))

    def a_field(self, *, retired: bool = False) -> tuple[str, str] | None:
        fields = Field.objects.filter(
            retired_at__isnull=not retired, doomed_in=None, type__retired_at=None
        ).select_related("type")
        pairs = [(each.type.code, each.code) for each in fields]
        return self.dice.choice(pairs) if pairs else None

    def add_field(self, change: SchemaChange) -> None:
        kind = self.dice.choice(ADDED_KINDS)
        details: dict[str, Any] = {"sortable": kind in ("text", "number", "date")}
        if kind == "choice":
            details["options"] = options("a", "b")
        if kind in ("link", "links"):
            details["target"] = self.a_type().code
        change.add_field(self.a_type().code, self.new_code(), kind, label=LABEL, **details)

    def change_field(self, change: SchemaChange) -> None:
        fields = Field.objects.filter(kind="text", retired_at=None, type__retired_at=None).select_related(
            "type"
        )
        each = self.dice.choice(list(fields))
        change.change_field(each.type.code, each.code, unique=not each.unique, sortable=not each.sortable)

    def rename_field(self, change: SchemaChange) -> bool | None:
        found = self.a_field()
        return change.change_field(*found, new_code=self.new_code()) if found else False

    def retire_field(self, change: SchemaChange) -> bool | None:
        found = self.a_field()
        return change.retire_field(*found) if found else False

    def restore_field(self, change: SchemaChange) -> bool | None:
        found = self.a_field(retired=True)
        return change.restore_field(*found) if found else False

    def destroy_field(self, change: SchemaChange) -> bool | None:
        found = self.a_field(retired=True)
        return change.destroy_field(*found) if found else False

    def create_type(self, change: SchemaChange) -> bool | None:
        if RecordType.objects.count() > 6:
            return False
        code = self.new_code()
        change.create_type(code, label=LABEL, plural=LABEL)
        change.add_field(code, "name", "text", label=LABEL, unique=True)
        change.save_pipeline(code, pipeline(f"{code}_line"))
        return None

    def rename_type(self, change: SchemaChange) -> None:
        change.change_type(self.a_type().code, new_code=self.new_code())

    def retire_type(self, change: SchemaChange) -> bool | None:
        if RecordType.objects.filter(retired_at=None).count() < 3:
            return False
        return change.retire_type(self.a_type().code)

    def restore_type(self, change: SchemaChange) -> bool | None:
        retired = RecordType.objects.exclude(retired_at=None).first()
        return change.restore_type(retired.code) if retired else False

    def save_layouts(self, change: SchemaChange) -> None:
        type = self.a_type()
        numbers = Field.objects.filter(type=type, kind="number", retired_at=None).values_list(
            "code", flat=True
        )
        change.save_layouts(type.code, Layouts(board_sum=self.dice.choice(["", *numbers])))

    def finish(self) -> bool | None:
        waiting = Field.objects.filter(finishing=True, problem="").first()
        return finish_type(waiting.type_id) if waiting else False

    def drop(self) -> bool | None:
        return None if destroying.drop_doomed_fields() else False


def start_busy_processes() -> list[subprocess.Popen[str]]:
    """Processes of their own on the test's database."""
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = connection.settings_dict
    conninfo = make_conninfo(**{word: given[key] or None for word, key in names.items()})
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    program = str(Path(__file__).with_name("busy_main.py"))
    return [
        subprocess.Popen(
            [sys.executable, program, conninfo, str(seed)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]


def stored_values(type_id: int, ids: list[int]) -> dict[int, dict[str, str]]:
    """Texts of all columns of these records."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM r_{type_id} WHERE id = ANY(%s)", [ids])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["id"]: {name: str(value) for name, value in row.items()} for row in rows}


def lost_writes(writes: list[tuple[int, int, dict[str, str]]]) -> list[str]:
    """Values that were committed and are not there, except in columns that were destroyed."""
    lost = []
    for type_id in {type_id for _id, type_id, _values in writes}:
        of_type = [(id, values) for id, each, values in writes if each == type_id]
        stored = stored_values(type_id, [id for id, _values in of_type])
        for id, values in of_type:
            if id not in stored:
                lost.append(f"record {id} of r_{type_id}")
                continue
            for column, value in values.items():
                if stored[id].get(column, value) != value:
                    lost.append(f"{column} of record {id}: {value} became {stored[id][column]}")
    return lost


@pytest.mark.slow
def test_no_error_no_lost_write_no_missing_constraint(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destroying, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(tables, "SMALL_TABLE_ROWS", 30)
    for code in ("car", "deal", "contact"):
        make_type(
            code, [field("name", unique=True), field("price", "number")], pipelines=[pipeline(f"{code}_line")]
        )
    processes = start_busy_processes()
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    changer = Changer(random.Random(7))
    changer.run(SECONDS)
    reports = [json.loads(process.communicate(timeout=60)[0]) for process in processes]

    assert [error for report in reports for error in report["errors"]] == []
    writes = [(id, type_id, values) for report in reports for id, type_id, values in report["writes"]]
    assert len(writes) > 100
    assert sum(report["reads"] for report in reports) > 50
    assert len({number for report in reports for number in report["numbers"]}) > 10
    assert lost_writes(writes) == []
    # As the jobs do that every change leaves behind, also those of types that were retired later.
    for type_id in RecordType.objects.values_list("id", flat=True):
        finish_type(type_id)
    assert list_discrepancies() == []
    assert len(changer.done) >= 11, changer.done
