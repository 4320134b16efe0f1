"""What other rooms may say about their pages to this one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.functional import Promise

from trassa.kernel import Registry

View = TypeVar("View", bound=Callable[..., Any])


def open_to_everybody(view: View) -> View:
    """Mark a view that needs no sign-in. Every other page requires it."""
    view.open_to_everybody = True  # type: ignore[attr-defined]
    return view


def is_open_to_everybody(view: Callable[..., Any]) -> bool:
    """Whether the view was marked with `open_to_everybody`."""
    return bool(getattr(view, "open_to_everybody", False))


def open_to_onlookers(view: View) -> View:
    """Mark a view that changes nothing although it is posted to: those who look as somebody may use it."""
    view.open_to_onlookers = True  # type: ignore[attr-defined]
    return view


def is_open_to_onlookers(view: Callable[..., Any]) -> bool:
    """Whether the view was marked with `open_to_onlookers`."""
    return bool(getattr(view, "open_to_onlookers", False))


def open_while_password_is_due(view: View) -> View:
    """Mark a view that people reach who must choose another password first; all others wait."""
    view.open_while_password_is_due = True  # type: ignore[attr-defined]
    return view


def is_open_while_password_is_due(view: Callable[..., Any]) -> bool:
    """Whether the view was marked with `open_while_password_is_due`."""
    return bool(getattr(view, "open_while_password_is_due", False))


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Work of somebody that would be left without a person: “Deals”, 12, where to see them."""

    label: str | Promise
    count: int
    url: str


OpenWorkSource = Callable[[int], Sequence[OpenWork]]

open_work: Registry[OpenWorkSource] = Registry(
    "people.open_work",
    description="What a person (by id) still works on: asked before somebody is dismissed.",
)
