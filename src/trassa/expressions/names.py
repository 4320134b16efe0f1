"""How names are found: by code or by label in either language, without regard to capitals and ё."""

import difflib
from collections.abc import Iterable, Sequence

from trassa.expressions.scope import Member, Option


def folded(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.casefold().replace("ё", "е").replace("\u00a0", " ").split())


def find_member(members: Sequence[Member], name: str) -> Member | None:
    """The member of this code or label; a code beats a label, and of two labels the first counts."""
    wanted = folded(name)
    for member in members:
        if member.code == wanted:
            return member
    return next((each for each in members if wanted in map(folded, each.names)), None)


def find_options(options: Sequence[Option], name: str) -> list[Option]:
    """The options of this code, or else of this label: stages of several pipelines may share one."""
    wanted = folded(name)
    by_code = [each for each in options if wanted == each.code]
    return by_code or [each for each in options if wanted in map(folded, each.names)]


def find_option(options: Sequence[Option], name: str) -> Option | None:
    """The first option of this code or label."""
    return next(iter(find_options(options, name)), None)


def closest(name: str, known: Iterable[str]) -> str:
    """What was probably meant; "" when nothing is near."""
    spellings = {folded(each): each for each in known if each}
    found = difflib.get_close_matches(folded(name), spellings, n=1, cutoff=0.6)
    return spellings[found[0]] if found else ""
