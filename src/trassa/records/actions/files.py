"""Uploads: contents come in, are looked at, kept once and given a row; what nobody needs goes again.

The content is written and fsynced before its row. Whoever keeps or collects a content holds the lock on its
hash until the transaction ends, so that a content is never taken from under a file that has just come.
See docs/decisions/0019-files.md.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import publish
from trassa.kernel import NotFound, now
from trassa.records.contents.inspection import Found, inspect_content
from trassa.records.contents.names import clean_name
from trassa.records.contents.refusals import refuse
from trassa.records.contents.store import ContentTooLarge, Draft, Readable, current_store, read_chunks
from trassa.records.contents.types import PDF
from trassa.records.events import CONTENT_STORED
from trassa.records.models import Content, File
from trassa.records.types import StoredFile

#: How long an upload waits for somebody to attach it.
UNATTACHED = timedelta(hours=24)

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('content ' || %s, 0))"


def store_upload(
    stream: Readable,
    name: str,
    *,
    actor: Actor,
    keep: timedelta = UNATTACHED,
    limit: int | None = None,
) -> StoredFile:
    """Take in a content under a name, as an upload of the actor; nobody else sees it before it is attached.

    `stream` is read from where it stands, piece by piece. `name` is cleaned. The type is found
    out from the content; raises Invalid (field "file") for what is refused: empty, larger than `limit` bytes
    (TRASSA_FILE_MEGABYTES when None), programs, macros, bombs, a content that is not what the name says. The
    upload goes after `keep`, unless a record has it by then. `queries.files.open_content` reads it back.
    """
    most = settings.TRASSA_FILE_BYTES if limit is None else limit
    cleaned, store = clean_name(name), current_store()
    try:
        draft = store.receive(read_chunks(stream), limit=most)
    except ContentTooLarge:
        message = _("The file is larger than %s MB. Make it smaller or split it.") % (most // 1024**2)
        raise refuse("too_large", message) from None
    try:
        with draft.path.open("rb") as file:
            found = inspect_content(file, draft.size, cleaned)
        with transaction.atomic():
            keep_content(draft, found)
            return add_file(draft, found, cleaned, actor, keep)
    finally:
        store.discard(draft)


def keep_content(draft: Draft, found: Found) -> None:
    """Put a draft into its place and give it its row, unless the content has both already."""
    lock_content(draft.hash)
    current_store().keep(draft)
    previewed = found.width is not None or found.type is PDF
    _row, created = Content.objects.get_or_create(
        hash=draft.hash,
        defaults={
            "size": draft.size,
            "stored_at": now(),
            "width": found.width,
            "height": found.height,
            "preview": Content.Preview.DUE if previewed else Content.Preview.NONE,
        },
    )
    if created and previewed:
        publish(CONTENT_STORED, {"hash": draft.hash})


def add_file(draft: Draft, found: Found, name: str, actor: Actor, keep: timedelta) -> StoredFile:
    """The row of an upload."""
    moment = now()
    row = File.objects.create(
        content_id=draft.hash,
        name=name,
        type=found.type.code,
        uploaded_by_id=actor.id,
        uploaded_at=moment,
        expires_at=moment + keep,
    )
    return StoredFile(
        id=row.id,
        name=name,
        hash=draft.hash,
        size=draft.size,
        type=found.type.code,
        uploaded_by_id=actor.id,
        uploaded_at=moment,
        expires_at=row.expires_at,
        width=found.width,
        height=found.height,
    )


def lock_content(hash: str) -> None:
    """Be alone with a content until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [hash])


def discard_upload(actor: Actor, id: int) -> None:
    """Drop an upload that nobody attached; raises NotFound when it is not the actor's, or attached."""
    own = File.objects.filter(id=id, uploaded_by_id=actor.id, record__isnull=True, holder="")
    if not own.delete()[0]:
        raise NotFound(_("There is no such file."))
