"""Taking lists along. Small ones are made at once, large ones by the worker; each is noted in history."""

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, cast

from django.db import transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_of
from trassa.journal import NewEntry, Stream, append, publish
from trassa.kernel import FieldError, Forbidden, Invalid, TrassaError, now, today
from trassa.people.queries import get_person
from trassa.records.actions.files import store_upload
from trassa.records.events import EXPORT_ASKED
from trassa.records.models import Export
from trassa.records.queries.exports import (
    all_columns,
    count_exported,
    exported_pages,
    heads_of,
    may_export,
    read_query,
    stored_query,
)
from trassa.records.queries.lists import COUNT_LIMIT
from trassa.records.sheets import open_sheet
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation, pin_generation
from trassa.schema.types import TypeSpec

#: Up to so many rows the person waits for the file.
AT_ONCE = 2_000
#: A made file goes after this.
KEPT = timedelta(hours=24)
_MAX_BYTES = 512 * 1024**2
_UNFINISHED = (Export.State.WAITING, Export.State.RUNNING)


def ask_export(
    spec: TypeSpec, query: ListQuery, columns: Sequence[str], format: str, *, actor: Actor
) -> Export:
    """Begin an export of a list; a small one is done when this returns.

    Raises Forbidden without the right to export, Invalid for an unknown column or format.
    """
    if actor.id is None or not may_export(actor, spec):
        raise Forbidden(_("Your role does not allow exporting these records."))
    known = all_columns(actor, spec)
    for code in columns:
        if code not in known:
            message = _("There is no such column: %s.") % code
            raise Invalid(message, errors=[FieldError("columns", "unknown_field", message)])
    if format not in ("xlsx", "csv"):
        message = _("Choose XLSX or CSV.")
        raise Invalid(message, errors=[FieldError("format", "unknown_format", message)])
    count = count_exported(actor, spec, query)
    with transaction.atomic():
        export = Export.objects.create(
            person_id=actor.id,
            type_id=spec.id,
            format=format,
            columns=list(columns),
            query=stored_query(query),
            language=(translation.get_language() or "ru")[:2],
            total=count if count <= COUNT_LIMIT else None,
            created_at=now(),
        )
        if count > AT_ONCE:
            publish(EXPORT_ASKED, {"export": export.id})
    if count <= AT_ONCE:
        run_export(export.id)
        export.refresh_from_db()
    return export


def cancel_export(export: Export) -> None:
    """Stop an export that is not done; a job that runs notices within a page."""
    Export.objects.filter(id=export.id, state__in=_UNFINISHED).update(
        state=Export.State.CANCELLED, finished_at=now()
    )


def run_export(id: int) -> None:
    """Make the file, from the beginning however often it was begun; nothing when it is done or cancelled.

    The person's rights of the moment apply. What fails is told to the person and not tried again.
    """
    export = Export.objects.filter(id=id, state__in=_UNFINISHED).first()
    if export is None:
        return
    Export.objects.filter(id=id).update(state=Export.State.RUNNING, done=0)
    actor = actor_of(get_person(export.person_id))
    with pin_generation(), translation.override(export.language):
        try:
            make_file(export, actor)
        except TrassaError as refusal:
            finish(export, Export.State.FAILED, problem=str(refusal))


def make_file(export: Export, actor: Actor) -> None:
    """Write the rows into a file, keep it as an upload of the person, and note it in history."""
    spec = current_generation().types_by_id.get(export.type_id)
    if spec is None or not may_export(actor, spec):
        raise Forbidden(_("Your role does not allow exporting these records."))
    visible = set(all_columns(actor, spec))
    codes = [code for code in export.columns if code in visible]
    with tempfile.TemporaryFile() as file:
        rows = write_rows(export, actor, spec, codes, cast("IO[bytes]", file))
        if rows is None:
            return
        file.seek(0)
        name = f"{slugify(str(spec.plural), allow_unicode=True)}-{today().isoformat()}.{export.format}"
        stored = store_upload(file, name, actor=actor, keep=KEPT, limit=_MAX_BYTES)
    with transaction.atomic():
        changes = {
            "type": (None, spec.code),
            "format": (None, export.format),
            "columns": (None, codes),
            "query": (None, export.query),
            "rows": (None, rows),
        }
        append([NewEntry(Stream("export", export.id), "exported", changes)], actor_id=actor.id, cause={})
        finish(export, Export.State.DONE, done=rows, total=rows, file_id=stored.id)


def write_rows(
    export: Export, actor: Actor, spec: TypeSpec, codes: Sequence[str], file: IO[bytes]
) -> int | None:
    """Write head and rows, telling how far it is; gives their number, None when the person cancelled."""
    sheet = open_sheet(export.format, file, heads_of(actor, spec, codes))
    done = 0
    for page in exported_pages(actor, spec, read_query(export.query), codes):
        for cells in page:
            sheet.add(cells)
        done += len(page)
        running = Export.objects.filter(id=export.id, state=Export.State.RUNNING)
        if not running.update(done=done):
            return None
    sheet.close()
    return done


def finish(export: Export, state: Export.State, **more: object) -> None:
    unfinished = Export.objects.filter(id=export.id, state__in=_UNFINISHED)
    unfinished.update(state=state, finished_at=now(), **more)
