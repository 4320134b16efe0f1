"""What trying a pack found out: one trial each for names, applying, expressions, cases and demo data."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trassa.solutions.format import Configuration, Entry, Words


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that was tried, and what was wrong; `count` says how many things it was tried on."""

    name: str
    count: int
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.problems


def try_names(configuration: Configuration) -> Trial:
    """Every name stands in both languages."""
    names = list(_names(configuration, ()))
    message = _("%(place)s: “%(name)s” has no English.")
    problems = [message % {"place": place, "name": words.ru} for place, words in names if not words.en]
    return Trial(_("Names are translated"), len(names), tuple(problems))


def _names(value: object, codes: tuple[str, ...]) -> Iterator[tuple[str, Words]]:
    """Every name in a configuration with the codes on the way to it: "car.price.label"."""
    if isinstance(value, Words):
        yield ".".join(codes), value
    elif isinstance(value, Entry):
        code = getattr(value, "code", None) or getattr(value, "tab", None)
        around = (*codes, code) if code else codes
        for name in type(value).model_fields:
            own = getattr(value, name)
            yield from _names(own, (*around, name) if isinstance(own, Words) else around)
    elif isinstance(value, tuple):
        for each in value:
            yield from _names(each, codes)
