"""The kinds of fields: what they store, take and can do."""

import sys
from typing import Any

from tools.reference import markdown
from tools.reference.markdown import code, codes, first_sentence, paragraph, table

from trassa.schema.registries import FieldKind, Setting, field_kinds
from trassa.schema.types import FieldSpec, Label

_TEXT = """
A field of a record type is of one kind, which changes only between kinds that keep texts. Every field has a
code, a label in Russian and English, and may be `required`, `unique`, `read_only`, `restricted` (there only
for roles with a grant on this very field) and `sortable` (indexed, so that lists sort by it at any size), and
may have a `default`. What a kind adds stands here. In lists of the API a filter is written `?field=value` for
`eq` and `?field__operation=value` otherwise.
"""
_OF_SHOWN = "as the shown field"
_ABILITIES = {
    "sortable": "sortable",
    "summable": "can be summed",
    "unique": "can be unique",
    "searchable": "found by words",
    "keyed": "found by normalised keys",
    "with_options": "has options",
    "with_target": "has a target type",
    "automatic": "filled by the database",
}


def page() -> str:
    parts = [paragraph(_TEXT), _overview()]
    for kind in field_kinds:
        parts += _section(kind)
    return markdown.page("Kinds of fields", *parts)


def _overview() -> str:
    rows = [(f"[`{kind.code}`](#{kind.code})", kind.label, code(_sql_type(kind))) for kind in field_kinds]
    return table(("code", "label", "column"), rows)


def _section(kind: FieldKind) -> list[str]:
    abilities = [words for name, words in _ABILITIES.items() if getattr(kind, name)]
    facts = [
        ("column", code(_sql_type(kind))),
        ("filters", codes(kind.filters) or _OF_SHOWN),
        ("JSON", _OF_SHOWN if kind.storage == "linked" else code(_json_type(kind))),
        ("abilities", ", ".join(abilities) or "—"),
    ]
    lines = "\n".join(f"- {name}: {value}" for name, value in facts)
    parts = [f"## {kind.code}", first_sentence(sys.modules[type(kind).__module__].__doc__), lines]
    if kind.settings:
        rows = [
            (code(each.name), code(_written(each.default)), _bounds(each), each.label)
            for each in kind.settings
        ]
        parts.append(table(("setting", "default", "bounds", "meaning"), rows))
    return parts


def _stand_in(kind: FieldKind) -> FieldSpec:
    """A field of this kind with its default settings."""
    settings = {setting.name: setting.default for setting in kind.settings}
    return FieldSpec(0, 0, kind.code, kind.code, Label(kind.code), Label(""), settings=settings)


def _sql_type(kind: FieldKind) -> str:
    words = {
        "links": "a table of links",
        "periods": "a table of links with periods",
        "linked": "none",
        "elsewhere": "none",
    }
    return words.get(kind.storage) or kind.sql_type(_stand_in(kind))


def _json_type(kind: FieldKind) -> str:
    schema: dict[str, Any] = kind.json_schema(_stand_in(kind))
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    items = schema.get("items", {}).get("type")
    words = [f"array of {items}s" if each == "array" and items else each for each in types]
    return " or ".join(words) + (f" ({schema['format']})" if "format" in schema else "")


def _written(value: bool | int | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bounds(setting: Setting) -> str:
    if setting.choices:
        return codes(setting.choices)
    if isinstance(setting.default, bool):
        return "true or false"
    unit = " characters" if isinstance(setting.default, str) else ""
    if setting.minimum is None and setting.maximum is None:
        return ""
    if setting.minimum is None:
        return f"at most {setting.maximum}{unit}"
    return f"{setting.minimum} to {setting.maximum}{unit}"
