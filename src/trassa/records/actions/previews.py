"""Small pictures: made once a content, kept as contents themselves, told to the cards that show them."""

import shutil
import tempfile
from pathlib import Path

from django.db import transaction

from trassa.records.actions.files import lock_content
from trassa.records.actions.touching import touch_records
from trassa.records.contents.previews import SIZES, make_previews
from trassa.records.contents.store import ContentMissing, Draft, current_store, read_chunks
from trassa.records.models import Content, File

#: A picture of a picture is never larger.
_LIMIT = 16 * 1024**2


def preview_content(hash: str) -> bool:
    """Draw a content that is due; False when it was not, or cannot be drawn, which harms nobody."""
    if not Content.objects.filter(hash=hash, preview=Content.Preview.DUE).exists():
        return False
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            with current_store().open(hash) as stream, (folder / "source").open("wb") as copy:
                shutil.copyfileobj(stream, copy)
        except ContentMissing:
            return False
        if not make_previews(folder / "source", folder):
            Content.objects.filter(hash=hash).update(preview=Content.Preview.FAILED)
            return False
        drafts = [receive(folder / name) for name in SIZES]
    with transaction.atomic():
        store_pictures(hash, *drafts)
    return True


def receive(path: Path) -> Draft:
    with path.open("rb") as file:
        return current_store().receive(read_chunks(file), limit=_LIMIT)


def store_pictures(hash: str, *drafts: Draft) -> None:
    """Keep the pictures under their own hashes and say so at their content."""
    for each in sorted({hash, *(draft.hash for draft in drafts)}):
        lock_content(each)
    row = Content.objects.filter(hash=hash).first()
    for draft in drafts:
        if row is not None:
            current_store().keep(draft)
            Content.objects.get_or_create(
                hash=draft.hash, defaults={"size": draft.size, "stored_at": row.stored_at}
            )
        current_store().discard(draft)
    if row is not None:
        large, small = (draft.hash for draft in drafts)
        row.thumbnail_id, row.large_id, row.preview = small, large, Content.Preview.MADE
        row.save(update_fields=["thumbnail", "large", "preview"])
        records = File.objects.filter(content=row, record__isnull=False, removed_at__isnull=True)
        touch_records(list(records.values_list("record_id", flat=True).distinct()))
