"""The command line `trassa`, from the same objects that parse it."""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from typing import Any

from tools.reference import markdown
from tools.reference.markdown import code, codes, paragraph, table
from typer.main import get_command

from trassa.config.command.dispatch import NOUNS, PLACES

_TEXT = """
`trassa COMMAND`, with `--data DIR` and `--port N` anywhere in it. A command that needs the embedded
database starts it when it rests and stops it afterwards. Errors that a person can mend are one line and
code 1.
"""


def words_and_commands() -> Iterator[tuple[str, Any]]:
    """Every command with its words: "pack plan" → the command that parses what follows."""
    for word, noun in NOUNS.items():
        command = get_command(import_module(f"trassa.config.command.{noun.module}").app)
        inner = getattr(command, "commands", None)
        if inner is None:
            yield word, command
        else:
            yield from ((f"{word} {verb}", each) for verb, each in inner.items())


def options_of(command: Any) -> set[str]:
    """The options that a command knows, those of every command included."""
    return {
        "--help",
        *PLACES,
        *(name for each in command.params for name in (*each.opts, *each.secondary_opts)),
    }


def page() -> str:
    parts = [paragraph(_TEXT), table(("command", "what it does"), _overview())]
    for words, command in words_and_commands():
        if command.params:
            rows = [_parameter(each) for each in command.params]
            parts += [f"## trassa {words}", command.help, table(("argument or option", "", "meaning"), rows)]
    return markdown.page("Commands", *parts)


def _overview() -> Iterator[tuple[str, str]]:
    for words, command in words_and_commands():
        yield code(f"trassa {words}"), command.help


def _parameter(parameter: Any) -> tuple[str, str, str]:
    name = parameter.opts[0]
    notes = ["required"] if parameter.required and not getattr(parameter, "prompt", None) else []
    notes += [f"default {code(parameter.default)}"] if parameter.default else []
    notes += [codes(each.value for each in _choices(parameter))]
    notes += ["may be repeated"] if parameter.multiple else []
    notes += [f"or {code(parameter.envvar)}, else asked for"] if parameter.envvar else []
    return (
        code(name if name.startswith("-") else name.upper()),
        ", ".join(filter(None, notes)),
        parameter.help or "",
    )


def _choices(parameter: Any) -> list[Enum]:
    """The words that a parameter takes, when it takes only some."""
    kind = parameter.type_descriptor.annotation
    return list(kind) if isinstance(kind, type) and issubclass(kind, Enum) else []
