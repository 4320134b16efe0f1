"""The files of a pack: what each may say, from the models that read them, and their JSON Schema."""

import json
from typing import Any

from tools.reference import markdown
from tools.reference.markdown import code, codes, first_sentence, paragraph, table

from trassa.solutions.extensions import REMOVE, WITHDRAWS
from trassa.solutions.json_schema import EXTENSIONS, FILES, pack_schema

_TEXT = """
A pack is a folder of YAML files. Codes are English nouns of small letters, digits and `_`; what people read
is a group `{ru: …, en: …}`, or a plain Russian text. Expressions are written with English function names and
codes of fields and options. How a pack is written is told in [write a pack](../developer/write-a-pack.md).
"""
_EXTENSIONS_TEXT = """
Files of these kinds in `extends` say only what differs from what a required pack brings; in them only codes
are required: %(kinds)s. Tabs, sections and conditions may say `%(remove)s: true`, roles `%(withdraws)s`, a
list of grants that go.
"""
_SCHEMA_TEXT = """
`trassa pack schema` prints the JSON Schema (2020-12) of all files. An editor with a YAML language server
completes and checks with it when the first line of a file names the schema and the kind of file, as those of
the packs in the box do:
"""
_HINT = "# yaml-language-server: $schema=../../pack.schema.json#/$defs/type"
#: More values than a line shows: those are the kinds of fields.
_MANY = 8
_WORDS = {"string": "text", "boolean": "yes or no", "integer": "whole number", "object": "group"}


def page() -> str:
    schema = pack_schema()
    files = [
        (_place(place), code(name), f"{'a list of ' if listed else ''}{_link(model.__name__)}")
        for name, (place, model, listed) in FILES.items()
    ]
    entries = {
        name: each
        for name, each in schema["$defs"].items()
        if name.endswith(("Entry", "Words")) and not name.endswith("Part")
    }
    extensions = _EXTENSIONS_TEXT % {"kinds": codes(EXTENSIONS), "remove": REMOVE, "withdraws": WITHDRAWS}
    parts = [paragraph(_TEXT), table(("file", "kind", "content"), files), paragraph(extensions)]
    parts += [paragraph(_SCHEMA_TEXT), f"```yaml\n{_HINT}\n```"]
    for name, entry in entries.items():
        parts += [f"## {name}", first_sentence(entry.get("description")), _keys(entry)]
    return markdown.page("The files of a pack", *parts)


def schema_text() -> str:
    """The file that editors read."""
    return json.dumps(pack_schema(), ensure_ascii=False, indent=1) + "\n"


def _place(path: str) -> str:
    folder, _slash, name = path.rpartition("/")
    return f"{code(name)} in {code(folder)}" if folder else code(name)


def _link(name: str) -> str:
    return "code" if name == "Code" else f"[{name}](#{name.lower()})"


def _keys(entry: dict[str, Any]) -> str:
    objects = [entry, *entry.get("anyOf", ())]
    described = next(each for each in objects if "properties" in each)
    rows = [
        (code(name), _type_of(each), "required" if name in described.get("required", ()) else _default(each))
        for name, each in described["properties"].items()
    ]
    return table(("key", "value", "default"), rows)


def _default(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    return code(json.dumps(default)) if isinstance(default, int | str) and default != "" else ""


def _type_of(schema: dict[str, Any]) -> str:
    """The type of a value in words."""
    match schema:
        case {"$ref": reference}:
            words = _link(reference.rpartition("/")[2])
        case {"anyOf": choices}:
            shown = [each for each in choices if each.get("type") != "null" and each.get("const") != ""]
            words = " or ".join(dict.fromkeys(_type_of(each) for each in shown))
        case {"enum": values}:
            words = codes(values) if len(values) <= _MANY else "[a kind of field](field-kinds.md)"
        case {"type": "array"}:
            words = f"list of {_type_of(schema.get('items', {}))}"
        case {"maxLength": _}:
            words = "expression"
        case _:
            words = _WORDS.get(schema.get("type", ""), "any")
    return words
