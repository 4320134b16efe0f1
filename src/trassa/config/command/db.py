"""`trassa db`: the database itself. Works with the embedded server and with DATABASE_URL alike."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
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

#: What came after the dump was made may hang on what is in it, so everything goes.
_EMPTY = "DROP SCHEMA IF EXISTS data, data_full, public CASCADE; CREATE SCHEMA public"

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
    """Write the whole database into one file (pg_dump's custom format), without the contents of files."""
    write_dump(file)
    typer.echo(f"{file}: {file.stat().st_size / 1_048_576:.1f} MB")
    typer.echo(f"The contents of files are not in it, they lie in {files_folder()}: trassa backup create")


def files_folder() -> Path:
    """Where the contents of files lie."""
    return Path(options.FILES.read() or options.DATA.read() / "files").expanduser().resolve()


def write_dump(file: Path) -> None:
    """Dump the database, whole or not at all; ends the program when pg_dump fails."""
    _require_running()
    draft = file.with_name(f"{file.name}.new")
    _call([_binaries().path("pg_dump"), "--format=custom", "--no-owner", f"--file={draft}"], "--dbname")
    draft.replace(file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `trassa db dump` wrote.", exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option(help="Remove what is in the database now.")] = False,
) -> None:
    """Read a dump into an empty database, or into this one's place with --replace."""
    read_dump(file, replace=replace)
    typer.echo(f"{file} is in the database.")


def read_dump(file: Path, *, replace: bool) -> None:
    """Read a dump, whole or not at all; ends the program when pg_restore fails."""
    _require_running()
    command = [_binaries().path("pg_restore"), "--no-owner", "--no-privileges"]
    if replace:
        _replace([*command, "--file=-", str(file)])
    else:
        _call([*command, "--exit-on-error", "--single-transaction"], "--dbname", str(file))
    _grant_views()


def _grant_views() -> None:
    """Roles that read the views for reports belong to the server, so a dump does not bring them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trassa.config.settings")
    django.setup()
    use_direct_database()
    import_string("trassa.schema.actions.grant_views")()


def _replace(command: list[str]) -> None:
    """Empty the database and run the SQL that the command writes, in one transaction."""
    psql = [_binaries().path("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as reader,
        subprocess.Popen(
            [*psql, f"--dbname={direct_conninfo()}"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as writer,
    ):
        assert reader.stdout
        assert writer.stdin
        with suppress(BrokenPipeError), writer.stdin:
            writer.stdin.write(f"BEGIN; SET client_min_messages = warning; {_EMPTY};\n".encode())
            shutil.copyfileobj(reader.stdout, writer.stdin)
            if reader.wait() == 0:
                writer.stdin.write(b"COMMIT;\n")
    if writer.returncode or reader.returncode:
        sys.exit(1)


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
