"""Kinds in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trassa.expressions.kinds import Kind

_WORDS = {
    Kind.NUMBER: gettext_noop("a number"),
    Kind.TEXT: gettext_noop("a text"),
    Kind.BOOLEAN: gettext_noop("a condition"),
    Kind.DATE: gettext_noop("a date"),
    Kind.MOMENT: gettext_noop("a date with time"),
    Kind.OPTION: gettext_noop("an option"),
    Kind.OPTIONS: gettext_noop("several options"),
    Kind.PERSON: gettext_noop("a person"),
    Kind.DEPARTMENT: gettext_noop("a department"),
    Kind.RECORD: gettext_noop("a record"),
    Kind.RECORDS: gettext_noop("several records"),
}


def a_kind(kind: Kind) -> str:
    """“a number”, in the reader's language."""
    return _(_WORDS[kind])


def kinds_in_words(kinds: Sequence[Kind]) -> str:
    """“a date, a date with time”, in the reader's language."""
    return ", ".join(a_kind(kind) for kind in kinds)
