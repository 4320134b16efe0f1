"""Imports from beginning to end, in this process: `imported("car", "Марка;Цена\nBMW;5\n")`."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from trassa.access.queries import Actor, system_actor
from trassa.imports.actions.orders import check_run, start_run
from trassa.imports.actions.runs import change_run, create_run
from trassa.imports.actions.working import work
from trassa.imports.queries.rejections import rejected_csv
from trassa.imports.queries.runs import get_run, list_outcomes
from trassa.imports.types import Column, Duplicates, ImportRun, Options, RowOutcome
from trassa.records.queries import list_records
from trassa.records.types import ListQuery, Record
from trassa.schema.queries import current_generation


def make_workbook(*rows: Sequence[Any], title: str = "Лист1") -> bytes:
    """A workbook with one sheet of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def begun(
    type: str, content: str | bytes, *, name: str = "", actor: Actor | None = None, **options: Any
) -> ImportRun:
    """A run that has not started; text is CSV. `options` are those of `Options`."""
    raw = content.encode() if isinstance(content, str) else content
    name = name or ("cars.csv" if isinstance(content, str) else "cars.xlsx")
    who = actor or system_actor()
    run = create_run(io.BytesIO(raw), name, current_generation().types[type], actor=who)
    if options:
        kept = {"keys": run.options.keys, **options}
        run = change_run(run.id, actor=who, options=Options(**kept))
    return run


def imported(
    type: str, content: str | bytes, *, name: str = "", actor: Actor | None = None, **options: Any
) -> ImportRun:
    """A run at its end."""
    return finished(begun(type, content, name=name, actor=actor, **options), actor)


def finished(run: ImportRun, actor: Actor | None = None) -> ImportRun:
    """Start a run and work on it until its end."""
    who = actor or system_actor()
    start_run(run.id, actor=who, by_job=False)
    work(run.id)
    return get_run(who, run.id)


def checked(run: ImportRun, actor: Actor | None = None) -> ImportRun:
    """Try a run's file."""
    who = actor or system_actor()
    check_run(run.id, actor=who, by_job=False)
    work(run.id)
    return get_run(who, run.id)


def mapped(run: ImportRun, **targets: str) -> ImportRun:
    """Say what columns fill, by their headings: `mapped(run, Марка="make", Клиент="client:phone")`."""
    columns = []
    for column in run.columns:
        target, _colon, key = targets.get(column.heading, column.target).partition(":")
        columns.append(Column(column.heading, target, key or column.key))
    return change_run(run.id, actor=system_actor(), columns=columns)


def records(type: str = "car") -> list[Record]:
    """All records of a type, oldest first."""
    spec = current_generation().types[type]
    found = list_records(system_actor(), spec, ListQuery(limit=500)).items
    return sorted(found, key=lambda record: record.id)


def outcomes(run: ImportRun) -> list[RowOutcome]:
    return list_outcomes(run, limit=None)


def reasons(run: ImportRun, line: int) -> str:
    """Why a line was rejected, in one text."""
    return " ".join(
        each.message for outcome in outcomes(run) if outcome.line == line for each in outcome.reasons
    )


def rejected_lines(run: ImportRun) -> list[dict[str, str]]:
    """The file of rejected lines."""
    spec = current_generation().types_by_id[run.type_id]
    text = b"".join(rejected_csv(run, spec)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=run.source.delimiter or ";"))


SKIP, FILL, OVERWRITE, ASK = Duplicates
