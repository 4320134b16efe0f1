"""Imports a spreadsheet: 500 rows a transaction through the write path, rejected lines into a file beside it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.columns import Matching, folded, match_columns
from trassa.imports.errors import FileUnreadable
from trassa.imports.queries import FileLookups
from trassa.imports.rejections import RejectedLines, rejected_path
from trassa.imports.tables import Row, read_table
from trassa.kernel import FieldError, Invalid, NotFound, TrassaError
from trassa.records.actions.write import Hooks, write_records
from trassa.records.types import Change, Write
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation, pin_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

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
    spec = _type_of(type_code)
    table = read_table(path)
    matching = match_columns(table.header, spec, actor)
    if matching.is_empty:
        known = ", ".join(str(field.label) for field in actor.editable_fields(spec))
        message = _("No column of the file is known. Name the columns like the fields: %(known)s.")
        raise FileUnreadable(message % {"known": known})
    lookups = FileLookups(actor)
    created = 0
    with RejectedLines(rejected_path(path), table.header, table.delimiter) as rejected:
        for rows in _batches(table.rows):
            with pin_generation():
                created += _import_batch(rows, matching, _type_of(type_code), lookups, rejected, actor, path, hooks)
            if progress is not None:
                progress(created + rejected.count)
    count = rejected.count
    return ImportResult(created, count, matching.unknown, rejected.path if count else None)


def _type_of(code: str) -> TypeSpec:
    types = current_generation().types
    if code not in types:
        known = ", ".join(sorted(types)) or "—"
        raise NotFound(_("There is no type “%(code)s”; there are: %(known)s.") % {"code": code, "known": known})
    return types[code]


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _import_batch(
    rows: Sequence[Row],
    matching: Matching,
    spec: TypeSpec,
    lookups: FileLookups,
    rejected: RejectedLines,
    actor: Actor,
    path: Path,
    hooks: Hooks,
) -> int:
    """Write one batch; returns how many records it created."""
    _load_links(rows, matching, lookups)
    reasons: dict[int, str] = {}
    writes: dict[int, Write] = {}
    for index, row in enumerate(rows):
        try:
            writes[index] = _write_of(row, matching, spec, lookups)
        except Invalid as error:
            reasons[index] = reason_of(error, spec)
    cause = {"kind": "import", "file": path.name}
    outcomes = write_records(list(writes.values()), actor=actor, cause=cause, atomic=False, hooks=hooks)
    for index, outcome in zip(writes, outcomes, strict=True):
        if outcome.error is not None:
            reasons[index] = reason_of(outcome.error, spec)
    for index in sorted(reasons):
        rejected.add(rows[index].cells, reasons[index])
    return len(rows) - len(reasons)


def _load_links(rows: Sequence[Row], matching: Matching, lookups: FileLookups) -> None:
    """Look up all links of a batch at once."""
    for index, field in matching.fields.items():
        if field.kind == "link" and field.target_type_id is not None:
            lookups.load(field.target_type_id, {row.cells[index] for row in rows})


def _write_of(row: Row, matching: Matching, spec: TypeSpec, lookups: FileLookups) -> Write:
    """The write that creates this row's record; raises Invalid with everything wrong in its cells."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for index, field in matching.fields.items():
        try:
            value = _value_of(row.cells[index], field, lookups)
        except ValueRefused as error:
            errors.append(FieldError(field.code, error.code, error.message))
            continue
        if value is not None:
            values[field.code] = value
    base = {name: row.cells[index] for index, name in matching.base.items() if row.cells[index]}
    owner = lookups.find_person(base["owner"]) if "owner" in base else None
    if "owner" in base and owner is None:
        errors.append(FieldError("owner", "unknown_person", _("There is no such active person.")))
    pipeline, stage, wrong = _place_of(base, spec)
    errors += wrong
    if errors:
        raise Invalid(errors[0].message, errors=errors)
    return Write(Change.CREATE, spec.code, fields=values, owner=owner, pipeline=pipeline, stage=stage)


def _value_of(text: str, field: FieldSpec, lookups: FileLookups) -> Any:
    kind = field_kinds.get(field.kind)
    return kind.to_json(kind.parse_import(text, field, lookups), field) if text else None


def _place_of(base: Mapping[str, str], spec: TypeSpec) -> tuple[str | None, str | None, list[FieldError]]:
    """Codes of the pipeline and stage that the cells name by code or label."""
    pipeline = stage = None
    if "pipeline" in base:
        pipeline = _named(base["pipeline"], spec.pipelines)
        if pipeline is None:
            return None, None, [FieldError("pipeline", "unknown_pipeline", _("There is no such pipeline."))]
    if "stage" in base:
        found = [each for each in spec.pipelines if pipeline in (None, each)]
        stage = _named(base["stage"], found[0].stages) if len(found) == 1 else None
        if stage is None:
            return None, None, [FieldError("stage", "unknown_stage", _("There is no such stage in the pipeline."))]
    return getattr(pipeline, "code", None), getattr(stage, "code", None), []


def _named(text: str, things: Iterable[Any]) -> Any:
    wanted = folded(text)
    for thing in things:
        if wanted in (thing.code, folded(thing.label.ru), folded(thing.label.en)):
            return thing
    return None


def reason_of(error: TrassaError, spec: TypeSpec) -> str:
    """An error as one cell: every field by its label with what is wrong."""
    parts = []
    for each in error.errors:
        field = spec.by_code.get(each.field)
        parts.append(f"{field.label}: {each.message}" if field else str(each.message))
    return " ".join(parts) or str(error)
