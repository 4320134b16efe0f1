"""Text → parse tree of Lark, or faults with their places.

A comma between two digits is a decimal comma where the text is written the Russian way (Cyrillic letters,
`;` between arguments, or no function at all), and separates arguments elsewhere.
"""

import re
from functools import cache
from importlib import resources

from django.utils.translation import gettext as _
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from trassa.expressions.errors import ExpressionRefused, Fault
from trassa.expressions.limits import MAX_DEPTH, MAX_TEXT

#: Terminals that depend on the decimal sign. Thousands may stand apart: 5 000 000.
_NUMBER = r"/(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:%s\d+)?(?!\w)/"
_SEPARATORS = {True: '_SEPARATOR: ";"', False: '_SEPARATOR: ";" | ","'}
_POINTS = {True: "[.,]", False: r"\."}
#: What stands in quotation marks or brackets says nothing about the language.
_QUOTED = re.compile(r'"(?:[^"]|"")*"|«[^»]*»|“[^”]*”|\[[^\[\]]*\]')
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def parse(text: str) -> Tree[Token]:
    """The parse tree; raises ExpressionRefused."""
    if len(text) > MAX_TEXT:
        message = _("The expression is too long: at most %s characters.") % MAX_TEXT
        raise ExpressionRefused([Fault(MAX_TEXT, len(text), "too_long", message)])
    if not text.strip():
        raise ExpressionRefused([Fault(0, len(text), "empty", _("Write an expression."))])
    refuse_deep_brackets(text)
    try:
        return _parser(has_decimal_comma(text)).parse(text)
    except UnexpectedInput as error:
        raise ExpressionRefused([fault_of(error, text)]) from error


def has_decimal_comma(text: str) -> bool:
    """Whether this text writes 1,5 for one and a half."""
    plain = _QUOTED.sub("", text)
    return ";" in plain or "(" not in plain or _CYRILLIC.search(plain) is not None


def refuse_deep_brackets(text: str) -> None:
    """Count brackets before anything recursive sees them."""
    deep = 0
    for position, sign in enumerate(_QUOTED.sub(lambda found: " " * len(found[0]), text)):
        deep += (sign == "(") - (sign == ")")
        if deep > MAX_DEPTH:
            message = _("Brackets are nested too deeply: at most %s.") % MAX_DEPTH
            raise ExpressionRefused([Fault(position, position + 1, "too_deep", message)])


@cache
def _parser(decimal_comma: bool) -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text("utf-8")
    terminals = f"{_SEPARATORS[decimal_comma]}\nNUMBER.1: {_NUMBER % _POINTS[decimal_comma]}\n"
    return Lark(f"{grammar}\n{terminals}", parser="lalr", propagate_positions=True, maybe_placeholders=True)


def fault_of(error: UnexpectedInput, text: str) -> Fault:
    """What a syntax error means for the one who wrote the text."""
    start = error.pos_in_stream if error.pos_in_stream is not None and error.pos_in_stream >= 0 else len(text)
    if isinstance(error, UnexpectedEOF) or (
        isinstance(error, UnexpectedToken) and error.token.type == "$END"
    ):
        return Fault(len(text), len(text), "unfinished", _("Something is missing at the end."))
    if isinstance(error, UnexpectedCharacters):
        sign = text[start]
        if sign in '"«“[':
            return Fault(start, len(text), "not_closed", _("A quotation mark or bracket is not closed."))
        if sign == "'":
            message = _("Put text into double quotation marks.")
            return Fault(start, start + 1, "unexpected", message)
        return Fault(start, start + 1, "unexpected", _("“%s” does not belong here.") % sign)
    assert isinstance(error, UnexpectedToken)
    word = str(error.token)
    if error.token.type in ("NAME", "BRACKETED"):
        message = (
            _("An operator is missing before “%s”. A name of several words stands in [brackets].") % word
        )
        return Fault(start, start + len(word), "operator_missing", message)
    return Fault(start, start + len(word), "unexpected", _("“%s” does not belong here.") % word)
