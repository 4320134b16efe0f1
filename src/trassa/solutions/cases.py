"""`tests.yaml`: cases that a pack must stand, each a small story of records and people."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from trassa.solutions.format import Code, Entry, Formula, Words

VERBS = ("create", "edit", "move", "check")


class StepEntry(Entry):
    """One step: create a record of a type, edit, move or check one that the case has named.

    In `fields` a link is the name of a record, other values are as the API takes them.
    """

    #: The type of a new record.
    create: Code | None = None
    #: The name of a record; of the new one `name` gives it.
    edit: Code | None = None
    move: Code | None = None
    check: Code | None = None
    name: Code | None = None
    #: The role in which it is done; without one, everything is allowed.
    by: Code | None = None
    fields: Mapping[str, Any] = Field(default_factory=dict)
    pipeline: Code | None = None
    stage: Code | None = None
    reason: Code | None = None
    #: The step must be refused, and the refusal must name these fields; an empty list asks for any refusal.
    refused: tuple[Code, ...] | None = None
    #: Expressions that must be true for the checked record.
    holds: tuple[Formula, ...] = ()
    #: The role must not see the checked record.
    unseen: bool = False
    #: Fields of the checked record that the role must not see.
    masked: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def require_one_verb(self) -> "StepEntry":
        if len([verb for verb in VERBS if getattr(self, verb) is not None]) != 1:
            raise PydanticCustomError("one_verb", "say one of create, edit, move, check")
        return self

    @property
    def verb(self) -> str:
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def subject(self) -> str:
        """What the verb speaks of: a type, or the name of a record."""
        return str(getattr(self, self.verb))


class CaseEntry(Entry):
    """One case. Its records are gone when it ends."""

    test: Words
    steps: tuple[StepEntry, ...] = Field(min_length=1)
