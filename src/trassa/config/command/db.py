"""`trassa db`: the database itself. Works with the embedded server and with DATABASE_URL alike."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import django
import typer
from django.utils.module_loading import import_string

from trassa.config import options
from trassa.config.database import direct_conninfo, is_embedded, use_direct_database
from trassa.config.postgres.binaries import Binaries, find_binaries
from trassa.config.postgres.errors import PostgresFailed
from trassa.config.postgres.server import EmbeddedServer

app = typer.Typer(add_completion=False, help="The database.", no_args_is_help=True)


@app.command()
def start() -> None:
    """Start the embedded server; it runs until `trassa db stop`."""
    started = _server().start()
    typer.echo("PostgreSQL runs now." if started else "PostgreSQL is running already.")


@app.command()
def stop() -> None:
    """Stop the embedded server."""
    stopped = _server().stop()
    typer.echo("PostgreSQL has stopped." if stopped else "PostgreSQL is not running.")


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def psql(context: typer.Context) -> None:
    """Open psql on the database; further words go to psql (`-- -c 'SELECT 1'`)."""
    _require_running()
    command = [_binaries().path("psql"), "--dbname", direct_conninfo(), *context.args]
    os.execvp(command[0], command)


@app.command()
def dump(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write the whole database into one file (pg_dump's custom format)."""
    _require_running()
    draft = file.with_name(f"{file.name}.new")
    _call([_binaries().path("pg_dump"), "--format=custom", "--no-owner", f"--file={draft}"], "--dbname")
    draft.replace(file)
    typer.echo(f"{file}: {file.stat().st_size / 1_048_576:.1f} MB")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `trassa db dump` wrote.", exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option(help="Remove what is in the database now.")] = False,
) -> None:
    """Read a dump into an empty database, or into this one's place with --replace."""
    _require_running()
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    words += ["--clean", "--if-exists"] if replace else []
    _call([_binaries().path("pg_restore"), *words], "--dbname", str(file))
    _grant_views()
    typer.echo(f"{file} is in the database.")


def _grant_views() -> None:
    """Roles that read the views for reports belong to the server, so a dump does not bring them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trassa.config.settings")
    django.setup()
    use_direct_database()
    import_string("trassa.schema.actions.grant_views")()


def _server() -> EmbeddedServer:
    if not is_embedded():
        raise PostgresFailed("DATABASE_URL is set: that server is started and stopped by its own means.")
    return EmbeddedServer(options.DATA.read())


def _require_running() -> None:
    if is_embedded() and not _server().is_running():
        raise PostgresFailed("PostgreSQL is not running: trassa db start")


def _binaries() -> Binaries:
    return find_binaries(options.POSTGRES_BIN.read())


def _call(command: list[str], place: str, *rest: str) -> None:
    code = subprocess.run([*command, f"{place}={direct_conninfo()}", *rest], check=False).returncode
    if code:
        sys.exit(code)
