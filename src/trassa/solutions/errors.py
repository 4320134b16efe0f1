"""What can be wrong with a pack: every problem with its file and line, all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from trassa.kernel import Conflict, FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    message: str | Promise

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


class PackInvalid(Invalid):
    """A pack does not follow the format; `problems` lists every place and what to do there."""

    code = "pack_invalid"

    def __init__(self, pack: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            _("Pack “%(pack)s” cannot be read, correct these lines:\n%(lines)s")
            % {"pack": pack, "lines": lines},
            errors=[FieldError(f"{p.file}:{p.line}", "pack_invalid", p.message) for p in self.problems],
        )


class PackConflict(Conflict):
    """The pack and this installation changed the same thing in different ways since the last apply."""

    code = "pack_conflict"
