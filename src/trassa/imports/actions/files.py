"""Imports a spreadsheet through the write path, 500 rows a transaction.

Rejected lines go into a file beside the spreadsheet, with the reason of each.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.columns import Matching, match_columns
from trassa.imports.errors import FileUnreadable
from trassa.imports.queries import FileLookups
from trassa.imports.rejections import RejectedLines, rejected_path
from trassa.imports.rows import reason_of, write_of
from trassa.imports.tables import Row, read_table
from trassa.kernel import Invalid, NotFound
from trassa.records.actions.write import Hooks, write_records
from trassa.records.types import Write
from trassa.schema.queries import current_generation, pin_generation
from trassa.schema.types import TypeSpec

#: Rows of one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file. `rejected_file` is None when every line came in."""

    created: int
    rejected: int
    unknown_columns: tuple[str, ...]
    rejected_file: Path | None


def import_file(
    path: Path,
    type_code: str,
    *,
    actor: Actor,
    hooks: Hooks = "none",
    progress: Callable[[int], None] | None = None,
) -> ImportResult:
    """Create a record of the type for every row of a CSV or XLSX file.

    `progress` is told how many rows are done after each transaction; what is done stays done when the
    process stops. Raises NotFound for an unknown type, FileUnreadable for a file without a known column.
    """
    table = read_table(path)
    spec = _get_type(type_code)
    matching = match_columns(table.header, spec, actor)
    if matching.is_empty:
        known = ", ".join(str(field.label) for field in actor.editable_fields(spec))
        message = _("No column of the file is known. Name the columns like the fields: %(known)s.")
        raise FileUnreadable(message % {"known": known})
    with RejectedLines(rejected_path(path), table.header, table.delimiter) as rejected:
        filling = _Import(type_code, matching, FileLookups(actor), rejected, actor, path.name, hooks)
        done = 0
        while rows := _take(table.rows):
            with pin_generation():
                filling.write(rows)
            done += len(rows)
            if progress is not None:
                progress(done)
    return ImportResult(
        created=done - rejected.count,
        rejected=rejected.count,
        unknown_columns=matching.unknown,
        rejected_file=rejected.path if rejected.count else None,
    )


def _take(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, BATCH))


def _get_type(code: str) -> TypeSpec:
    types = current_generation().types
    if code not in types:
        known = ", ".join(sorted(types)) or "—"
        message = _("There is no type “%(code)s”; there are: %(known)s.")
        raise NotFound(message % {"code": code, "known": known})
    return types[code]


@dataclass(frozen=True, slots=True)
class _Import:
    """One file on its way into one type."""

    type: str
    matching: Matching
    lookups: FileLookups
    rejected: RejectedLines
    actor: Actor
    file: str
    hooks: Hooks

    def write(self, rows: Sequence[Row]) -> None:
        """Write one batch; rows that cannot be written are noted with their reasons."""
        spec = _get_type(self.type)
        self._load_links(rows)
        reasons: dict[int, str] = {}
        writes: dict[int, Write] = {}
        for index, row in enumerate(rows):
            try:
                writes[index] = write_of(row, self.matching, spec, self.lookups)
            except Invalid as error:
                reasons[index] = reason_of(error, spec)
        outcomes = write_records(
            list(writes.values()),
            actor=self.actor,
            cause={"kind": "import", "file": self.file},
            atomic=False,
            hooks=self.hooks,
        )
        for index, outcome in zip(writes, outcomes, strict=True):
            if outcome.error is not None:
                reasons[index] = reason_of(outcome.error, spec)
        for index in sorted(reasons):
            self.rejected.add(rows[index].cells, reasons[index])

    def _load_links(self, rows: Sequence[Row]) -> None:
        """Look up all links of a batch at once."""
        for index, field in self.matching.fields.items():
            if field.kind == "link" and field.target_type_id is not None:
                self.lookups.load(field.target_type_id, {row.cells[index] for row in rows})
