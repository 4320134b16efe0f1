"""The functions and operators of expressions, for readers of either language."""

from dataclasses import dataclass

from django.utils import translation
from tools.reference import markdown
from tools.reference.markdown import code, paragraph, table

from trassa.expressions import Function, a_kind, functions


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says besides the functions themselves."""

    language: str
    title: str
    text: str
    head: tuple[str, str, str, str]
    groups: dict[str, str]
    of_argument: str
    #: What stands behind the meaning.
    not_in_filters: str
    volatile: str


_ENGLISH = Words(
    "en",
    "Functions of expressions",
    """
    Both names of a function mean the same; capitals do not matter. Arguments in [square brackets] may be
    left out, `…` means any number of them. The language itself is described in
    [expressions](../user/expressions-en.md).
    """,
    ("written", "in Russian", "gives", "meaning"),
    {
        "logic": "Logic",
        "numbers": "Numbers",
        "finance": "Finance",
        "text": "Text",
        "dates": "Dates",
        "people": "People",
        "aggregates": "Linked records",
    },
    "as the argument",
    "Not in filters: store it as a field and filter by the field.",
    "Changes by itself.",
)
_RUSSIAN = Words(
    "ru",
    "Функции выражений",
    """
    Оба имени функции значат одно и то же; прописные и строчные буквы не различаются. Аргументы
    в [квадратных скобках] можно не писать, `…` — их может быть сколько угодно.
    Сам язык описан на странице [«Выражения»](../user/expressions-ru.md).
    """,
    ("как пишется", "по-английски", "даёт", "смысл"),
    {
        "logic": "Логика",
        "numbers": "Числа",
        "finance": "Финансы",
        "text": "Текст",
        "dates": "Даты",
        "people": "Люди",
        "aggregates": "Связанные записи",
    },
    "как аргумент",
    "В фильтре нельзя: сохраните как поле и отбирайте по нему.",
    "Меняется само.",
)


def page() -> str:
    """The page in English."""
    return _page(_ENGLISH)


def russian_page() -> str:
    with translation.override("ru"):
        return _page(_RUSSIAN)


def _page(words: Words) -> str:
    parts = [paragraph(words.text)]
    for group, heading in words.groups.items():
        rows = [_row(each, words) for each in functions if each.group == group]
        parts += [f"## {heading}", table(words.head, rows)]
    return markdown.page(words.title, *parts)


def _row(function: Function, words: Words) -> tuple[str, str, str, str]:
    russian = words.language == "ru"
    meaning = [function.help[0 if russian else 1]]
    if function.volatile:
        meaning.append(words.volatile)
    if not function.in_filters:
        meaning.append(words.not_in_filters)
    gives = a_kind(function.result) if function.result else words.of_argument
    other = function.names[1 if russian else 0]
    return code(function.signature(russian=russian)), code(other), gives, " ".join(meaning)
