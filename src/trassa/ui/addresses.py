"""Addresses of views, remembered: a page asks for some fifty of them. And ids that stand in addresses."""

from collections.abc import Iterable
from functools import lru_cache

from django.urls import reverse

#: Ids are bigints.
_MOST_DIGITS = 18


@lru_cache(maxsize=8192)
def address_of(name: str, *args: str | int, **kwargs: str | int) -> str:
    """The address of a view: `address_of("records:card", "deal", 7)`; templates know it as `url`."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def read_id(text: str) -> int | None:
    """The id that a part of an address or a form names; None for everything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def read_ids(texts: Iterable[str]) -> list[int]:
    """The ids among these texts, in their order."""
    return [id for text in texts if (id := read_id(text)) is not None]
