"""A plan: what applying a pack would do, in words, and the configuration that comes out of it."""

from dataclasses import dataclass, field
from typing import Literal

from trassa.schema.queries import Conversion
from trassa.solutions.format import Configuration, PackEntry

StepKind = Literal["add", "change", "remove", "retire", "restore"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that applying the pack does. `subject` is its address: "car.price", "buyout.new"."""

    kind: StepKind
    subject: str
    words: str

    def __str__(self) -> str:
        sign = {"add": "+", "restore": "+", "change": "~", "remove": "-", "retire": "-"}[self.kind]
        return f"{sign} {self.words}"


@dataclass(frozen=True, slots=True)
class PlannedConversion:
    """A field that changes its kind in place, and what becomes of its values."""

    type: str
    field: str
    #: The kind that it has now.
    before: str
    conversion: Conversion
    #: Whether values that do not fit are left empty; otherwise they stand in the way.
    emptying: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between a pack and what is installed.

    `steps` are carried out; `notes` say what stays as it is and why; `conflicts` must be decided and
    `obstacles` moved out of the way first.
    """

    about: PackEntry
    #: The version applied last; "" when the pack is not installed.
    installed_version: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    conflicts: tuple[str, ...]
    obstacles: tuple[str, ...]
    #: What is installed now, and what shall be: the same things, completely described.
    installed: Configuration = field(repr=False)
    target: Configuration = field(repr=False)
    #: What the pack itself says; remembered as the base of the next merge.
    wanted: Configuration = field(repr=False)

    #: Places that differ: only there a decision makes sense.
    addresses: tuple[str, ...] = field(default=(), repr=False)
    conversions: tuple[PlannedConversion, ...] = field(default=(), repr=False)

    @property
    def pack(self) -> str:
        return self.about.code

    @property
    def version(self) -> str:
        return self.about.version

    @property
    def is_empty(self) -> bool:
        return not self.steps and not self.conflicts and not self.obstacles
