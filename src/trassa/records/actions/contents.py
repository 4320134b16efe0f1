"""Collection: files that expired go, then contents that no file needs. Safe to run at any time, and twice.

A content is looked at again under the lock on its hash, and leaves the store before the transaction ends: a
crash in between leaves a row without content and without files, which the next run takes away.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from trassa.kernel import now
from trassa.records.actions.files import lock_content
from trassa.records.contents.store import current_store
from trassa.records.models import Content, File
from trassa.records.registries import FileHolder, file_holders
from trassa.schema.queries import existing_field_ids

#: Contents younger than this are left alone, referenced or not.
GRACE = timedelta(hours=1)
_BATCH = 1000


def collect_files() -> tuple[int, int]:
    """Drop expired files and the contents that nobody needs then; gives how many of each went."""
    files = expire_files()
    contents = sum(collect_content(hash) for hash in list(unneeded_contents()))
    contents += sum(collect_content(hash) for hash in unknown_contents())
    current_store().drop_old_drafts()
    return files, contents


def expire_files() -> int:
    """Drop uploads that nobody attached in time, files removed long ago, and those of destroyed fields."""
    long_ago = now() - timedelta(days=settings.TRASSA_REMOVED_DAYS)
    # Files of a deleted comment go with its text, when that is erased.
    removed = Q(removed_at__lt=long_ago) & ~Q(comment__deleted_at__isnull=False)
    expired = Q(expires_at__lt=now()) | removed
    fields = File.objects.filter(field_id__isnull=False).values_list("field_id", flat=True).distinct()
    used = {id for id in fields if id is not None}
    gone = used - existing_field_ids(used)
    count, _by_model = File.objects.filter(expired | Q(field_id__in=gone)).delete()
    return count + sum(expire_held(code, holder) for code, holder in file_holders.items())


def expire_held(code: str, holder: FileHolder) -> int:
    """Drop the files of holders that are gone."""
    held = File.objects.filter(holder=code)
    ids = {id for id in held.values_list("holder_id", flat=True).distinct() if id is not None}
    gone = ids - holder.existing(ids)
    return held.filter(holder_id__in=gone).delete()[0] if gone else 0


def unneeded_contents() -> QuerySet[Content, str]:
    """Hashes that neither a file nor another content refers to; pictures of a content after it."""
    files = File.objects.filter(content=OuterRef("pk"))
    pictures = Content.objects.filter(Q(thumbnail=OuterRef("pk")) | Q(large=OuterRef("pk")))
    old = Content.objects.filter(stored_at__lt=now() - GRACE)
    return old.filter(~Exists(files), ~Exists(pictures)).values_list("hash", flat=True)


def unknown_contents() -> Iterator[str]:
    """Hashes in the store that have no row: what a crash left behind."""
    for group in batched_hashes(current_store().list_hashes()):
        known = set(Content.objects.filter(hash__in=group).values_list("hash", flat=True))
        yield from (hash for hash in group if hash not in known)


def batched_hashes(hashes: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for hash in hashes:
        group.append(hash)
        if len(group) == _BATCH:
            yield group
            group = []
    if group:
        yield group


def collect_content(hash: str) -> bool:
    """Remove one content and the pictures of it, unless somebody needs it by now."""
    with transaction.atomic():
        lock_content(hash)
        row = Content.objects.filter(hash=hash).first()
        if row is not None:
            if not unneeded_contents().filter(hash=hash).exists():
                return False
            row.delete()
        current_store().remove(hash)
    return True
