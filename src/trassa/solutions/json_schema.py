"""The JSON Schema (2020-12) of the files of a pack, made from the models that read them.

Editors complete and check with it while somebody writes. It says what one file may say; that codes exist and
that expressions hold is told by reading the pack.
"""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from trassa.schema.registries import field_kinds
from trassa.solutions.cases import VERBS, CaseEntry
from trassa.solutions.extensions import ITEMS, REMOVABLE, REMOVE, WITHDRAWS
from trassa.solutions.format import (
    CODE_PATTERN,
    RETIRABLE,
    RETIRABLE_NAMES,
    SECTIONS,
    Entry,
    PackEntry,
    PeopleEntry,
    RetiredEntry,
    RoleEntry,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: Kind of file → its place in a pack, the model of what stands in it, and whether it is a list of these.
FILES: Mapping[str, tuple[str, type[Entry], bool]] = {
    "pack": ("pack.yaml", PackEntry, False),
    **{
        section if each.in_one_file else each.noun: (each.place(section), each.entry, each.in_one_file)
        for section, each in SECTIONS.items()
    },
    "retired": ("retired.yaml", RetiredEntry, True),
    "tests": ("tests.yaml", CaseEntry, True),
    "people": ("demo/people.yaml", PeopleEntry, False),
}
#: Kinds of files that may stand in `extends` as well.
EXTENSIONS = tuple(section if each.in_one_file else each.noun for section, each in SECTIONS.items())
_PART = "Part"
_REF = "#/$defs/"


def pack_schema() -> dict[str, Any]:
    """One schema for all files: `#/$defs/type` for types, `#/$defs/type_extension` for their extensions."""
    models = dict.fromkeys(model for _place, model, _listed in FILES.values())
    _names, made = models_json_schema([(model, "validation") for model in models])
    entries = {name: _untitled(schema) for name, schema in made["$defs"].items()}
    _add_what_validators_do(entries)
    parts = {f"{name}{_PART}": _part(name, schema) for name, schema in entries.items()}
    files = {name: _file(model.__name__, listed) for name, (_place, model, listed) in FILES.items()}
    files |= {
        f"{name}_extension": _file(f"{FILES[name][1].__name__}{_PART}", FILES[name][2]) for name in EXTENSIONS
    }
    return {
        "$schema": DIALECT,
        "title": "A file of a Trassa pack",
        "anyOf": [{"$ref": f"{_REF}{name}"} for name in files],
        "$defs": {**files, **_used(files, {**entries, **parts})},
    }


def _add_what_validators_do(entries: dict[str, Any]) -> None:
    """What the models accept or refuse by code of their own; they know no schema for it."""
    words = entries["Words"]
    entries["Words"] = {"description": words.pop("description"), "anyOf": [{"type": "string"}, words]}
    kinds = [code for code, _kind in field_kinds.items()]
    entries["FieldEntry"]["properties"]["kind"] = {"enum": kinds}
    card = entries["LayoutEntry"]["properties"]["card"]
    sections = {"type": "array", "items": {"$ref": f"{_REF}SectionEntry"}}
    entries["LayoutEntry"]["properties"]["card"] = {"anyOf": [card, sections]}
    retired = entries["RetiredEntry"]
    retired["properties"] = {name: {"$ref": f"{_REF}Code"} for name in retired["properties"]}
    retired["oneOf"] = [
        {"required": [*names], "properties": {name: False for name in RETIRABLE_NAMES if name not in names}}
        for names in sorted(RETIRABLE)
    ]
    entries["StepEntry"]["oneOf"] = [{"required": [verb]} for verb in VERBS]
    entries["Code"] = {"type": "string", "pattern": CODE_PATTERN}


def _file(model: str, listed: bool) -> dict[str, Any]:
    entry = {"$ref": f"{_REF}{model}"}
    return {"type": "array", "items": entry} if listed else entry


def _untitled(schema: Any) -> Any:
    """The schema without titles, which only repeat names. A title that is a mapping is a property."""
    if isinstance(schema, list):
        return [_untitled(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _untitled(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)
    }


def _part(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What an extension may say about an entry: as much as the entry itself, but only its name is needed."""
    part = {key: _with_parts(value) for key, value in schema.items() if key != "required"}
    needed = [key for key in ("code", "tab") if key in schema.get("properties", {})]
    if needed:
        part["required"] = needed
    if name in {ITEMS[each].__name__ for each in REMOVABLE}:
        part["properties"] |= {REMOVE: {"const": True, "description": "Takes it away."}}
    if name == RoleEntry.__name__:
        part["properties"] |= {WITHDRAWS: schema["properties"]["grants"]}
        part["properties"]["grants"] = schema["properties"]["grants"]
    return part


def _with_parts(schema: Any) -> Any:
    """The schema with every entry in it replaced by what an extension may say about it."""
    if isinstance(schema, list):
        return [_with_parts(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: f"{value}{_PART}" if key == "$ref" else _with_parts(value) for key, value in schema.items()}


def _used(files: Mapping[str, Any], entries: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that files mention, directly or through others."""
    found: dict[str, Any] = {}
    waiting = [name for schema in files.values() for name in _mentioned(schema)]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = entries[name]
            waiting += _mentioned(entries[name])
    return dict(sorted(found.items()))


def _mentioned(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for each in schema for name in _mentioned(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].removeprefix(_REF)] if isinstance(schema.get("$ref"), str) else []
    return own + [name for value in schema.values() for name in _mentioned(value)]
