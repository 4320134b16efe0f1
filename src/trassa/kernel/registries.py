"""Registries: how an upper room takes part in a lower one without the lower one knowing it.

Filled while Django starts (`AppConfig.ready`), read-only afterwards.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateEntry(Exception):
    """Two rooms registered the same name."""


class UnknownEntry(LookupError):
    """Nothing is registered under this name."""


class Registry(Generic[T]):
    """Named entries in order of registration.

    `description` says what an entry is; the reference pages of the documentation are made from it.
    """

    def __init__(self, name: str, *, description: str) -> None:
        self.name = name
        self.description = description
        self._entries: dict[str, T] = {}

    def register(self, key: str, entry: T) -> T:
        """Add an entry; raises DuplicateEntry when the name is taken."""
        if key in self._entries:
            raise DuplicateEntry(f"{self.name}: {key!r} is registered twice")
        self._entries[key] = entry
        return entry

    def get(self, key: str) -> T:
        """The entry of this name; raises UnknownEntry with the names there are."""
        try:
            return self._entries[key]
        except KeyError:
            known = ", ".join(self._entries) or "none"
            raise UnknownEntry(f"{self.name}: no {key!r}; known: {known}") from None

    def find(self, key: str) -> T | None:
        """The entry of this name, or None."""
        return self._entries.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def items(self) -> list[tuple[str, T]]:
        """Pairs of name and entry in order of registration."""
        return list(self._entries.items())

    def __len__(self) -> int:
        return len(self._entries)
