"""Rules and robots."""

from collections.abc import Mapping
from typing import Any

from trassa.solutions.format.values import Code, Entry, Formula, Words


class RuleEntry(Entry):
    """`rules/<code>.yaml`: what happens by itself with records of a type: *when* — *if* — *then*.

    `when` is an event with its settings, each of `steps` a mapping with one key, the kind of the step; both
    are those of the room `automation`. A value that begins with “=” is an expression.
    """

    code: Code
    type: Code
    label: Words
    position: int = 0
    active: bool = True
    when: Mapping[str, Any]
    condition: Formula | None = None
    steps: tuple[Mapping[str, Any], ...]
