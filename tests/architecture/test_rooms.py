"""Who may name what: the rules of rooms that import-linter's layers do not cover."""

import ast
import re

from tests.architecture.source import functions, imported_names, modules

#: Imported through their package root only.
TOOLKITS = {"kernel", "journal", "expressions", "ui", "api"}
#: What other rooms may import of a room.
DOORS = {"actions", "queries", "types", "events", "registries", "errors"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers"}

#: Django finds a database backend by this name.
GIVEN_NAMES = {"trassa.config.database_backend.base"}
#: The command line loads only the noun that was asked for.
LATE_IMPORTERS = {"trassa.config.command.dispatch"}


def test_a_toolkit_is_imported_through_its_root() -> None:
    inner = {module.name for module in modules() if module.name.count(".") > 1} - exports()
    offences = []
    for module in modules():
        for line, name in imported_names(module.tree):
            parts = name.split(".")
            if parts[0] != "trassa" or len(parts) < 2 or parts[1] not in TOOLKITS or module.room == parts[1]:
                continue
            if len(parts) > 3 or name in inner:
                offences.append(f"{module.path}:{line} {name}: import it from trassa.{parts[1]}")
    assert not offences, "\n".join(offences)


def exports() -> set[str]:
    """What toolkits offer at their root; `trassa.ui.navigation` is a registry there and a module besides."""
    roots = [module for module in modules() if module.name in {f"trassa.{room}" for room in TOOLKITS}]
    return {
        f"{root.name}.{name.rpartition('.')[2]}"
        for root in roots
        for _line, name in imported_names(root.tree)
    }


def test_a_room_is_entered_through_its_doors() -> None:
    offences = []
    for module in modules():
        for line, name in imported_names(module.tree):
            parts = name.split(".")
            if parts[0] != "trassa" or len(parts) < 3:
                continue
            room, door = (".".join(parts[1:3]), parts[3:4]) if parts[1] == "packs" else (parts[1], parts[2:3])
            if room in TOOLKITS or room == module.room:
                continue
            if not set(door) <= DOORS:
                offences.append(f"{module.path}:{line} {name}")
    assert not offences, "Import only actions, queries, types, events, registries, errors:\n" + "\n".join(
        offences
    )


def test_imports_stand_at_the_top() -> None:
    offences = [
        f"{module.path}:{node.lineno}"
        for module in modules()
        for function in functions(module.tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Call) and is_late_import(node) and module.name not in LATE_IMPORTERS)
    ]
    assert not offences, "An import inside a function hides a cycle:\n" + "\n".join(offences)


def is_late_import(node: ast.Call) -> bool:
    """Whether this calls `import_module` or `__import__`."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in ("import_module", "__import__")


def test_modules_are_nouns_of_the_domain() -> None:
    offences = [
        str(module.path)
        for module in modules()
        if FORBIDDEN_NAMES & set(re.split(r"[._]", module.name)) and module.name not in GIVEN_NAMES
    ]
    assert not offences, "Name the noun:\n" + "\n".join(offences)


def test_every_module_says_what_it_owns() -> None:
    offences = [str(module.path) for module in modules() if not ast.get_docstring(module.tree)]
    assert not offences, "A module opens with a docstring:\n" + "\n".join(offences)
