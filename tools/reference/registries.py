"""Every `kernel.Registry`: what its entries are, and what is registered."""

import inspect
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any

from ninja import Router
from tools.reference import markdown
from tools.reference.markdown import code, codes, first_sentence, paragraph, table
from tools.reference.source import ROOT, module_name, module_paths

from trassa.journal import Subscriber
from trassa.kernel import Registry
from trassa.schema.registries import FieldKind
from trassa.solutions.registries import PackSource
from trassa.ui import AccountNote

_TEXT = """
A registry lets an upper room take part in a lower one that does not know it. Rooms fill them in
`AppConfig.ready`, by `registry.register(key, entry)`; a name that is taken is an error. Afterwards they are
only read.
"""
_DECLARED = re.compile(r"^(\w+): Registry\[(\w+)\] = Registry\(", re.MULTILINE)
_ALIAS = re.compile(r"^(\w+) = (Callable\[.*\])$", re.MULTILINE)


def registries() -> dict[str, tuple[Registry[Any], str, Any]]:
    """Where a registry is imported from → the registry, the name of its entries' type, and that type."""
    found = {}
    for path in module_paths():
        for name, entry in _DECLARED.findall(path.read_text()):
            module = import_module(module_name(path))
            found[f"{_door(module.__name__, name)}.{name}"] = (
                getattr(module, name),
                entry,
                getattr(module, entry),
            )
    return dict(sorted(found.items()))


def type_aliases() -> dict[str, str]:
    """Names that stand for a kind of function, with what they stand for."""
    texts = (path.read_text() for path in module_paths())
    return {name: meaning for text in texts for name, meaning in _ALIAS.findall(text)}


def _door(module: str, name: str) -> str:
    """The package root or the room's `registries` when they export the registry, else the module itself."""
    root = ".".join(module.split(".")[:2])
    doors = [door for door in (root, f"{root}.registries") if find_spec(door)]
    return next((door for door in doors if hasattr(import_module(door), name)), module)


def page() -> str:
    parts = [paragraph(_TEXT)]
    aliases = type_aliases()
    for place, (registry, entry, kind) in registries().items():
        parts += [f"## {place}", paragraph(registry.description), paragraph(_contract(entry, kind, aliases))]
        rows = [(code(key), describe(value)) for key, value in registry.items()]
        parts.append(table(("key", "entry"), rows) if rows else "Nothing is registered yet.")
    return markdown.page("Registries", *parts)


def _contract(name: str, kind: Any, aliases: Mapping[str, str]) -> str:
    """What an entry has to be."""
    if inspect.isclass(kind) and kind.__module__.startswith("trassa."):
        return f"Entries are `{name}`: {inspect.getdoc(kind)}"
    if name in aliases:
        return f"Entries are `{name}`, that is `{aliases[name]}`."
    return f"Entries are `{name}`."


def describe(entry: Any) -> str:
    """What stands behind one key."""
    words = code(type(entry).__name__)
    match entry:
        case Subscriber():
            words = f"{code(entry.event)}: {first_sentence(inspect.getdoc(entry.handle))}"
        case FieldKind():
            words = f"{entry.label}; see [kinds of fields](field-kinds.md#{entry.code})"
        case PackSource():
            words = code(Path(entry.folder).relative_to(ROOT))
        case AccountNote():
            words = code(entry.template)
        case Router():
            words = codes(dict.fromkeys(operations(entry)))
        case FunctionType(__name__="<lambda>"):
            words = "a short function in place"
        case FunctionType():
            words = f"{code(f'{entry.__module__}.{entry.__name__}')}: {first_sentence(inspect.getdoc(entry))}"
    return words


def operations(router: Router) -> list[str]:
    """The paths of a router and of those inside it."""
    inner = [path for _prefix, each, *_rest in router._routers for path in operations(each)]
    return [*router.path_operations, *inner]
