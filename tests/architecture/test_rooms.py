"""Who may name what: the rules of rooms that import-linter's layers do not cover."""

import ast

from tests.architecture.source import functions, imported_names, modules

#: Imported through their package root only.
TOOLKITS = {"kernel", "journal", "ui", "api"}
#: What other rooms may import of a room.
DOORS = {"actions", "queries", "types", "events", "registries", "errors"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers"}

#: Django finds a database backend by this name.
GIVEN_NAMES = {"trassa.config.database_backend.base"}


def test_a_toolkit_is_imported_through_its_root() -> None:
    offences = []
    for module in modules():
        for line, name in imported_names(module.tree):
            parts = name.split(".")
            if parts[0] != "trassa" or len(parts) < 2 or parts[1] not in TOOLKITS or module.room == parts[1]:
                continue
            if len(parts) > 3:
                offences.append(f"{module.path}:{line} {name}: import it from trassa.{parts[1]}")
    assert not offences, "\n".join(offences)


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
    ]
    assert not offences, "An import inside a function hides a cycle:\n" + "\n".join(offences)


def test_modules_are_nouns_of_the_domain() -> None:
    offences = [
        str(module.path)
        for module in modules()
        if FORBIDDEN_NAMES & set(module.name.split(".")[1:]) and module.name not in GIVEN_NAMES
    ]
    assert not offences, "Name the noun:\n" + "\n".join(offences)


def test_every_module_says_what_it_owns() -> None:
    offences = [str(module.path) for module in modules() if not ast.get_docstring(module.tree)]
    assert not offences, "A module opens with a docstring:\n" + "\n".join(offences)
