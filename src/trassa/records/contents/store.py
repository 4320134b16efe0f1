"""Where contents lie: each once, under its SHA-256, below the folder `files` of the data folder.

A content is written beside its place, fsynced, and moved there whole; what lies under a hash is complete
and never changes. Another kind of store (S3) is another class with these methods, chosen in `current_store`.
"""

import hashlib
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

CHUNK = 256 * 1024
_INCOMING = "incoming"
_HASH_LENGTH = 64
#: Drafts older than this belong to nobody any more.
_DRAFT_SECONDS = 86_400


class ContentMissing(Exception):
    """A row knows this content, the store does not."""


class ContentTooLarge(Exception):
    """More bytes came than may."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A content that has arrived and is not kept yet: file, hash in hexadecimal, size in bytes."""

    path: Path
    hash: str
    size: int


class ContentStore(Protocol):
    """What a store of contents does. Hashes are SHA-256 in hexadecimal."""

    def receive(self, chunks: Iterable[bytes], *, limit: int) -> Draft:
        """Write bytes to a draft on the local disk; raises ContentTooLarge beyond `limit` bytes."""

    def keep(self, draft: Draft) -> None:
        """Move a draft to its place for good, instead of what may be there: so damage heals."""

    def discard(self, draft: Draft) -> None:
        """Forget a draft, kept or not."""

    def open(self, hash: str) -> BinaryIO:
        """The content from its beginning; raises ContentMissing."""

    def has(self, hash: str) -> bool:
        """Whether the content is there."""

    def remove(self, hash: str) -> None:
        """Delete a content, there or not."""

    def list_hashes(self) -> Iterator[str]:
        """Everything that is kept, in the order of hashes."""


class FolderStore:
    """Contents in `ab/cd/<hash>` below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def receive(self, chunks: Iterable[bytes], *, limit: int) -> Draft:
        path = self._incoming() / uuid.uuid4().hex
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("xb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise ContentTooLarge
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Draft(path, digest.hexdigest(), size)

    def keep(self, draft: Draft) -> None:
        place = self._place(draft.hash)
        for folder in (self._folder, place.parent.parent, place.parent):
            make_folder(folder)
        draft.path.replace(place)
        sync_folder(place.parent)

    def discard(self, draft: Draft) -> None:
        draft.path.unlink(missing_ok=True)

    def open(self, hash: str) -> BinaryIO:
        try:
            return self._place(hash).open("rb")
        except FileNotFoundError:
            raise ContentMissing(hash) from None

    def has(self, hash: str) -> bool:
        return self._place(hash).exists()

    def remove(self, hash: str) -> None:
        self._place(hash).unlink(missing_ok=True)

    def list_hashes(self) -> Iterator[str]:
        for first in sorted(self._folder.glob("??")):
            for second in sorted(first.glob("??")):
                for path in sorted(second.iterdir()):
                    if len(path.name) == _HASH_LENGTH:
                        yield path.name

    def _place(self, hash: str) -> Path:
        if len(hash) != _HASH_LENGTH or not set(hash) <= set("0123456789abcdef"):
            raise ContentMissing(hash)
        return self._folder / hash[:2] / hash[2:4] / hash

    def _incoming(self) -> Path:
        folder = self._folder / _INCOMING
        if not folder.exists():
            make_folder(self._folder)
            make_folder(folder)
        return folder

    def drop_old_drafts(self) -> int:
        """Remove drafts whose writer has died; gives how many."""
        count = 0
        for path in self._incoming().iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _DRAFT_SECONDS:
                    path.unlink()
                    count += 1
        return count


def make_folder(path: Path) -> None:
    """A folder for the owner alone, whose name survives a crash."""
    if not path.exists():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make names in this folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Readable(Protocol):
    """Whatever gives bytes: a file, a request, an upload of Django."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, none at the end."""


def read_chunks(stream: Readable) -> Iterator[bytes]:
    """A stream piece by piece."""
    while chunk := stream.read(CHUNK):
        yield chunk


def current_store() -> FolderStore:
    """The store of this installation."""
    return FolderStore(Path(settings.TRASSA_FILES))
