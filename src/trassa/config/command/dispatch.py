"""From words to a command: takes the options that stand anywhere, then loads only the module that is meant.

Modules of commands import models, so Django is set up before they are imported; a wrong word or `--help` is
answered without it.
"""

import difflib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

import django
import psycopg
from django.db import Error as DatabaseError

from trassa import __version__
from trassa.config.options import BadOption
from trassa.config.postgres.errors import PostgresFailed
from trassa.kernel import TrassaError


@dataclass(frozen=True)
class Noun:
    """A word after `trassa`."""

    module: str
    summary: str
    #: Whether the module needs models and settings.
    django: bool = True


NOUNS = {
    "demo": Noun("demo", "A demo company: everything set up and running"),
    "up": Noun("up", "Everything on this machine: database, web, events, worker"),
    "web": Noun("web", "Only pages and API"),
    "events": Noun("events", "Only events to browsers"),
    "worker": Noun("worker", "Only jobs, timers and the outbox"),
    "db": Noun("db", "The database: start, stop, psql, dump, restore", django=False),
    "backup": Noun("backup", "Database and files in one archive: create, restore"),
    "files": Noun("files", "Contents of files: clean, repair"),
    "migrate": Noun("migrate", "Bring the tables up to this version"),
    "pack": Noun("pack", "Solution packs: list, plan, apply, roll back, export, test"),
    "person": Noun("person", "People: create, list, password, dismiss, readmit"),
    "token": Noun("token", "API tokens: create, list, revoke"),
    "keys": Noun("keys", "The secret key: new, reseal, forget"),
    "journal": Noun("journal", "History: verify"),
    "import": Noun("imports", "Records from a CSV or XLSX file"),
    "doctor": Noun("doctor", "What is wrong with this installation, and what to do"),
}

#: Options that may stand before or after the noun, and the setting each one makes.
PLACES = {"--data": "TRASSA_DATA", "--port": "TRASSA_PORT"}


def app() -> None:
    """Run one command line; errors that a person can mend become one line and code 1."""
    try:
        words = take_places(sys.argv[1:])
        if not words or words[0] in ("--help", "-h", "help"):
            print(overview())
        elif words[0] == "--version":
            print(f"trassa {__version__}")
        else:
            _run(words[0], words[1:])
    except (TrassaError, PostgresFailed, BadOption) as problem:
        sys.exit(f"trassa: {problem}")
    except (psycopg.OperationalError, DatabaseError) as problem:
        sys.exit(f"trassa: the database answers: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)


def take_places(words: Sequence[str]) -> list[str]:
    """Move `--data DIR` and `--port N` into the environment; what follows `--` is left alone."""
    rest: list[str] = []
    pending = list(words)
    while pending:
        word = pending.pop(0)
        option, _, value = word.partition("=")
        if word == "--":
            return [*rest, word, *pending]
        if option not in PLACES:
            rest.append(word)
            continue
        if not value:
            if not pending:
                raise BadOption(f"{option} needs a value")
            value = pending.pop(0)
        os.environ[PLACES[option]] = value
    return rest


def overview() -> str:
    """What `trassa --help` prints."""
    width = max(len(word) for word in NOUNS) + 3
    lines = [f"  {word:<{width}}{noun.summary}" for word, noun in NOUNS.items()]
    return "\n".join(
        [
            "Usage: trassa COMMAND [--data DIR] [--port N] …",
            "",
            *lines,
            "",
            "  --data DIR   where everything is kept (TRASSA_DATA, default: var)",
            "  --port N     port to listen on (TRASSA_PORT, default: 8000)",
            "",
            "More: trassa COMMAND --help",
        ]
    )


def _run(word: str, arguments: Sequence[str]) -> None:
    noun = NOUNS.get(word)
    if not noun:
        near = difflib.get_close_matches(word, NOUNS, n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise BadOption(f"there is no command `{word}`.{hint} See trassa --help")
    if noun.django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trassa.config.settings")
        django.setup()
    module = import_module(f"trassa.config.command.{noun.module}")
    module.app(args=list(arguments), prog_name=f"trassa {word}")
