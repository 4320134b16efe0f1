"""Addresses of views, remembered: a page asks for some fifty of them."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=8192)
def address_of(name: str, *args: str | int, **kwargs: str | int) -> str:
    """The address of a view: `address_of("records:card", "deal", 7)`; templates know it as `url`."""
    return reverse(name, args=args or None, kwargs=kwargs or None)
