"""What the store holds, against the rows that know it: missing, damaged and left-over contents.

For administrators; nobody's rights are asked. Rows are the truth: a content without a row is rubbish.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db.models import Q

from trassa.records.contents.store import ContentMissing, current_store, read_chunks
from trassa.records.models import Anchor, Content, File

_BATCH = 1000


@dataclass(slots=True)
class StoreReport:
    """What was found; hashes of contents in ascending order."""

    contents: int = 0
    size: int = 0
    #: Rows whose content is not in the store.
    missing: list[str] = field(default_factory=list)
    #: Contents of another length than their row says or, where they were read, with another hash.
    damaged: list[str] = field(default_factory=list)
    #: Contents that no row knows.
    orphaned: list[str] = field(default_factory=list)

    @property
    def lost(self) -> list[str]:
        return sorted([*self.missing, *self.damaged])


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file that cannot be opened, and where it hangs; an upload hangs nowhere."""

    name: str
    hash: str
    record_id: int | None
    title: str


def inspect_store(*, read: bool = False) -> StoreReport:
    """Compare store and rows; with `read` every content is read and its hash made anew."""
    store, report = current_store(), StoreReport()
    kept = set(store.list_hashes())
    for hash, size in Content.objects.order_by("hash").values_list("hash", "size").iterator(_BATCH):
        report.contents += 1
        report.size += size
        if hash not in kept:
            report.missing.append(hash)
        elif not is_sound(hash, size, read=read):
            report.damaged.append(hash)
        kept.discard(hash)
    # What has come since the folder was listed is no rubbish: its row is asked for once more.
    report.orphaned = sorted(kept - known_hashes(kept))
    return report


def stored_contents() -> Iterator[tuple[str, int, BinaryIO]]:
    """Hash, length and stream of everything in the store; a stream is closed when the next one comes."""
    store = current_store()
    for hash in store.list_hashes():
        # What is collected meanwhile is nobody's.
        with suppress(ContentMissing), store.open(hash) as stream:
            size = stream.seek(0, 2)
            stream.seek(0)
            yield hash, size, stream


def is_sound(hash: str, size: int, *, read: bool) -> bool:
    """Whether a content in the store has its length and, when it is read, its hash."""
    try:
        with current_store().open(hash) as stream:
            if stream.seek(0, 2) != size:
                return False
            stream.seek(0)
            return not read or hash_of(stream) == hash
    except (ContentMissing, OSError):
        return False


def hash_of(stream: BinaryIO) -> str:
    """SHA-256 of a stream from where it stands, in hexadecimal."""
    digest = hashlib.sha256()
    for chunk in read_chunks(stream):
        digest.update(chunk)
    return digest.hexdigest()


def known_hashes(hashes: Iterable[str]) -> set[str]:
    """Those of these hashes that have a row."""
    return set(Content.objects.filter(hash__in=list(hashes)).values_list("hash", flat=True))


def lost_files(hashes: Iterable[str], limit: int) -> list[LostFile]:
    """Files whose own contents are among these, records before uploads."""
    rows = File.objects.filter(content__in=list(hashes), removed_at__isnull=True)
    found = list(rows.order_by("record_id", "id").values_list("name", "content_id", "record_id")[:limit])
    titles = dict(Anchor.objects.filter(id__in=[each[2] for each in found]).values_list("id", "title"))
    return [LostFile(name, hash, record, titles.get(record or 0, "")) for name, hash, record in found]


def lost_pictures(hashes: Iterable[str]) -> Iterator[str]:
    """Contents whose small pictures are among these; they can be drawn again."""
    lost = list(hashes)
    drawn = Content.objects.filter(Q(thumbnail__in=lost) | Q(large__in=lost))
    yield from drawn.exclude(hash__in=lost).order_by("hash").values_list("hash", flat=True)
