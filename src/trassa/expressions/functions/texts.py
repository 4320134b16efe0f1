"""Text. Capitals do not matter when texts are compared."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trassa.expressions.functions.function import Function, anything, number, text
from trassa.expressions.kinds import VALUE, ErrorValue, Kind
from trassa.expressions.limits import MAX_CHARACTERS, MAX_PART
from trassa.kernel import company_zone

_SPACES = re.compile("[ \t\n\r\u00a0]+")
_LENGTH = (0, 10_000)


def text_of(value: Any) -> str:
    """How `&` writes a value: 12,5; 01.04.2026; да."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(company_zone()):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value)


def write_number(value: Decimal) -> str:
    """A number without trailing zeros, with a comma."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return ("0" if plain in ("-0", "") else plain).replace(".", ",")


def join(*texts: str) -> str | ErrorValue:
    """Texts one behind the other; what becomes too long is an error."""
    made = "".join(texts)
    return made if len(made) <= MAX_CHARACTERS else VALUE


def contains(value: str, part: str) -> bool | ErrorValue:
    """Whether a part is in a text; looking for a long one is an error."""
    return part.lower() in value.lower() if len(part) <= MAX_PART else VALUE


FUNCTIONS = (
    Function(
        "text_of",
        ("ТЕКСТ", "TEXT"),
        (anything(),),
        Kind.TEXT,
        ("Значение, записанное словами и цифрами.", "A value in words and figures."),
        text_of,
        group="text",
        by_kind=True,
    ),
    Function(
        "concatenate",
        ("СЦЕП", "CONCAT"),
        (text("текст", "text"),),
        Kind.TEXT,
        ("Тексты подряд; то же, что &.", "Texts one behind the other; the same as &."),
        join,
        repeated=True,
        group="text",
        by_kind=True,
        aliases=("СЦЕПИТЬ", "CONCATENATE"),
    ),
    Function(
        "lower",
        ("СТРОЧН", "LOWER"),
        (text("текст", "text"),),
        Kind.TEXT,
        ("Строчными буквами.", "In small letters."),
        str.lower,
        "lower({0})",
        group="text",
    ),
    Function(
        "upper",
        ("ПРОПИСН", "UPPER"),
        (text("текст", "text"),),
        Kind.TEXT,
        ("Прописными буквами.", "In capitals."),
        str.upper,
        "upper({0})",
        group="text",
    ),
    Function(
        "len",
        ("ДЛСТР", "LEN"),
        (text("текст", "text"),),
        Kind.NUMBER,
        ("Сколько в тексте знаков.", "How many characters the text has."),
        lambda value: Decimal(len(value)),
        "char_length({0})::numeric",
        group="text",
    ),
    Function(
        "left",
        ("ЛЕВСИМВ", "LEFT"),
        (text("текст", "text"), number("знаков", "characters", constant=_LENGTH)),
        Kind.TEXT,
        ("Первые знаки текста.", "The first characters of a text."),
        lambda value, count: value[: int(count)],
        "left({0}, ({1})::int)",
        group="text",
    ),
    Function(
        "right",
        ("ПРАВСИМВ", "RIGHT"),
        (text("текст", "text"), number("знаков", "characters", constant=_LENGTH)),
        Kind.TEXT,
        ("Последние знаки текста.", "The last characters of a text."),
        lambda value, count: value[-int(count) :] if count else "",
        "right({0}, ({1})::int)",
        group="text",
    ),
    Function(
        "trim",
        ("СЖПРОБЕЛЫ", "TRIM"),
        (text("текст", "text"),),
        Kind.TEXT,
        ("Без лишних пробелов.", "Without superfluous spaces."),
        lambda value: _SPACES.sub(" ", value).strip(" "),
        "btrim(regexp_replace({0}, E'[ \\t\\n\\r\\u00a0]+', ' ', 'g'), ' ')",
        group="text",
    ),
    Function(
        "contains",
        ("СОДЕРЖИТ", "CONTAINS"),
        (text("текст", "text"), text("часть", "part")),
        Kind.BOOLEAN,
        (
            f"Да, если часть (до {MAX_PART} знаков) есть в тексте.",
            f"Yes when the part (up to {MAX_PART} characters) is in the text.",
        ),
        contains,
        f"(case when char_length({{1}}) <= {MAX_PART} then strpos(lower({{0}}), lower({{1}})) > 0 end)",
        group="text",
    ),
    Function(
        "startswith",
        ("НАЧИНАЕТСЯ", "STARTSWITH"),
        (text("текст", "text"), text("начало", "beginning")),
        Kind.BOOLEAN,
        ("Да, если текст так начинается.", "Yes when the text begins like this."),
        lambda value, part: value.lower().startswith(part.lower()),
        "starts_with(lower({0}), lower({1}))",
        group="text",
    ),
)
