"""Taking a file in and setting its import up: where the table lies, what columns fill, what is wished."""

from collections.abc import Container, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.actions.locks import lock_run, write_entry
from trassa.imports.columns import digest_of, is_reason, name_targets, propose_columns
from trassa.imports.matching import usual_keys
from trassa.imports.models import Outcome, Run
from trassa.imports.queries.runs import get_run, remembered_columns, run_of
from trassa.imports.reading import Look, look_into, opened_file
from trassa.imports.types import OPEN, Column, ImportRun, Options, Source, State, as_json
from trassa.imports.validation import check_columns, check_options, fillable_targets
from trassa.kernel import Forbidden, TrassaError
from trassa.records.actions.files import discard_upload, store_upload
from trassa.records.queries.files import open_content
from trassa.records.types import StoredFile
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

#: How long the file and the rows of a run are kept.
KEPT = timedelta(days=30)


def create_run(stream: BinaryIO | UploadedFile[Any], name: str, spec: TypeSpec, *, actor: Actor) -> ImportRun:
    """Take a file in and propose how to import it into a type.

    Raises Forbidden when the person may not create such records, Invalid for a file that is refused,
    FileUnreadable for one that holds no table.
    """
    if not actor.may_create(spec):
        raise Forbidden(_("Your role does not allow creating such records."))
    file = store_upload(stream, name, actor=actor, keep=KEPT)
    try:
        _stored, content = open_content(actor, file.id)
        with closing(content):
            look = look_into(content, file, name_targets(spec, actor, current_generation()))
    except TrassaError:
        discard_upload(actor, file.id)
        raise
    return store_run(file, look, spec, actor)


@transaction.atomic
def store_run(file: StoredFile, look: Look, spec: TypeSpec, actor: Actor) -> ImportRun:
    """The row of a new run with what is proposed for it."""
    row = Run(
        type_id=spec.id,
        person_id=actor.id,
        language=get_language() or "ru",
        file_id=file.id,
        file_name=file.name,
        file_type=file.type,
        file_size=file.size,
        sheets=list(look.sheets),
    )
    propose(row, look, spec, actor)
    row.save()
    row.refresh_from_db()
    write_entry(row.pk, "created", {"file": (None, file.name), "type": (None, spec.code)}, actor.id)
    return run_of(row)


def propose(row: Run, look: Look, spec: TypeSpec, actor: Actor) -> None:
    """Fill in where the table lies, what its columns fill, and by what duplicates are told."""
    digest = digest_of(heading for heading in look.headings if not is_reason(heading))
    columns = remembered(actor, spec, digest, look.headings) or propose_columns(
        look.headings, spec, actor, current_generation()
    )
    row.source, row.headings = as_json(look.source), digest
    row.sample = [as_json(each) for each in look.sample]
    row.columns = [as_json(column) for column in columns]
    keys = usual_keys(actor, spec, [column.target for column in columns])
    row.options = as_json(replace(Options(), keys=keys))


def remembered(actor: Actor, spec: TypeSpec, digest: str, headings: Sequence[str]) -> tuple[Column, ...]:
    """The columns of an earlier file with the same headings, without what this person may not fill.

    The reasons in a file of rejected lines make no difference.
    """
    allowed = set(fillable_targets(actor, spec))
    found = [each for each in remembered_columns(actor, spec.id, digest) if not is_reason(each.heading)]
    if len(found) != sum(not is_reason(heading) for heading in headings):
        return ()
    known = iter(found)
    return tuple(
        Column(heading) if is_reason(heading) else kept_column(heading, next(known), allowed)
        for heading in headings
    )


def kept_column(heading: str, column: Column, allowed: Container[str]) -> Column:
    """What a column filled the last time, if this person may fill it."""
    return Column(heading, column.target, column.key) if column.target in allowed else Column(heading)


def change_run(
    id: int,
    *,
    actor: Actor,
    source: Source | None = None,
    columns: Sequence[Column] | None = None,
    options: Options | None = None,
) -> ImportRun:
    """Change where the table lies, what columns fill, or what is wished; a check before it counts no more.

    Another place of the table proposes its columns anew. Raises NotFound, WrongState, Invalid,
    FileUnreadable.
    """
    run = get_run(actor, id)
    generation = current_generation()
    spec = generation.types_by_id[run.type_id]
    look = look_again(run, source, spec, actor) if source is not None and source != run.source else None
    with transaction.atomic():
        row = lock_run(actor, id, OPEN)
        if look is not None:
            propose(row, look, spec, actor)
        if columns is not None:
            check_columns(columns, len(row.columns), spec, actor, generation)
            row.columns = [
                as_json(replace(column, heading=known["heading"]))
                for column, known in zip(columns, row.columns, strict=True)
            ]
        if options is not None:
            check_options(options, spec, actor, generation)
            row.options = as_json(options)
        row.state = State.NEW.value
        clear_results(row)
        row.save()
        return run_of(row)


def look_again(run: ImportRun, source: Source, spec: TypeSpec, actor: Actor) -> Look:
    """Look into the file of a run at another place."""
    with opened_file(run, actor) as (file, stream):
        return look_into(stream, file, name_targets(spec, actor, current_generation()), source)


def clear_results(row: Run) -> None:
    """Forget what a check has found out; the caller saves the row."""
    Outcome.objects.filter(run_id=row.pk).delete()
    row.cursor = row.share = row.attempts = 0
    row.created = row.updated = row.duplicates = row.rejected = row.undecided = 0
    row.error = ""
