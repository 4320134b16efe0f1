"""Reads a pack's demo data: `<type>.csv` with created records, `<type>.history.csv` with what followed, and
`<type>.comments.csv` with what people said about them, and `<type>.tasks.csv` with what is to be done.

Columns `key`, `day`, `time` say which record and when: day 0 is the day of loading, earlier days are
negative, so that a demo always looks fresh. `owner` and `actor` are logins, `pipeline`, `stage` and
`reason` codes; all other columns are fields. An empty cell says nothing, "-" empties a field. Links are
keys of other rows, with a period "key|day|day", dates are days like `day`, moments "<day> <time>", several
values are parted by ";". Files are "name|source", with a kind "name|source|kind"; a source is a path below
`demo/files`, or "drawn:car/car001/left" for a picture of another row by `solutions.registries.demo_drawings`.
Comments have the columns `text` and `files`. Tasks have `title`, `kind`, `who` (a login, or "role:" and a
code), `due`, `text`, `checklist`, `observers`, `important`, and, when they have ended, `done` with `outcome`
and `result`.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from trassa.kernel import company_zone
from trassa.solutions.errors import PackInvalid, Problem

_OWN = frozenset({"key", "day", "time", "owner", "actor", "pipeline", "stage", "reason"})
_HISTORY = ".history"
_COMMENTS = ".comments"
_TASKS = ".tasks"


@dataclass(frozen=True, slots=True)
class DemoRow:
    """One line: a record that is created, or (`later`) something that happens to it or (`said`) is said."""

    file: str
    line: int
    type: str
    key: str
    day: int
    time: str
    later: bool
    said: bool
    #: A task about the record.
    given: bool
    owner: str
    actor: str
    pipeline: str
    stage: str
    reason: str
    #: Field code → cell as it stands.
    cells: Mapping[str, str]

    def problem(self, message: str) -> Problem:
        return Problem(f"demo/{self.file}", self.line, message)


def read_demo_rows(folder: Path, pack: str) -> list[DemoRow]:
    """All rows of a pack's demo folder in the order in which they happen."""
    problems: list[Problem] = []
    rows = [row for path in sorted(folder.glob("*.csv")) for row in _read_file(path, problems)]
    if problems:
        raise PackInvalid(pack, problems)
    return sorted(rows, key=lambda row: (row.day, row.time, row.later))


def _read_file(path: Path, problems: list[Problem]) -> Iterator[DemoRow]:
    said = path.stem.endswith(_COMMENTS)
    given = path.stem.endswith(_TASKS)
    later = said or given or path.stem.endswith(_HISTORY)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for record in reader:
            cells = {name: cell for name, cell in record.items() if name and cell}
            try:
                yield DemoRow(
                    file=path.name,
                    line=reader.line_num,
                    type=path.stem.removesuffix(_HISTORY).removesuffix(_COMMENTS).removesuffix(_TASKS),
                    key=cells["key"],
                    day=int(cells["day"]),
                    time=time.fromisoformat(cells["time"]).strftime("%H:%M"),
                    later=later,
                    said=said,
                    given=given,
                    owner=cells.get("owner", ""),
                    actor=cells.get("actor") or cells.get("owner", ""),
                    pipeline=cells.get("pipeline", ""),
                    stage=cells.get("stage", ""),
                    reason=cells.get("reason", ""),
                    cells={name: cell for name, cell in cells.items() if name not in _OWN},
                )
            except (KeyError, ValueError):
                message = _("Every line needs key, day (a whole number) and time (such as 10:30).")
                problems.append(Problem(f"demo/{path.name}", reader.line_num, message))


def day_of(offset: int, today: date) -> date:
    """The date that a day number stands for."""
    return today + timedelta(days=offset)


def moment_of(offset: int, clock: str, today: date) -> datetime:
    """The moment in UTC that a day number and a time in the company's zone stand for."""
    local = datetime.combine(day_of(offset, today), time.fromisoformat(clock), company_zone())
    return local.astimezone(UTC)
