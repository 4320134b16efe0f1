"""What other rooms may say about their pages to this one."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def open_to_everybody(view: View) -> View:
    """Mark a view that needs no sign-in. Every other page requires it."""
    view.open_to_everybody = True  # type: ignore[attr-defined]
    return view


def is_open_to_everybody(view: Callable[..., Any]) -> bool:
    """Whether the view was marked with `open_to_everybody`."""
    return bool(getattr(view, "open_to_everybody", False))
