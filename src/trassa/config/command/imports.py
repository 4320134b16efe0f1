"""`trassa import`: records from a spreadsheet."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from trassa.access.queries import actor_of, system_actor
from trassa.config.command.databases import running_database
from trassa.imports.actions import import_file
from trassa.kernel import NotFound
from trassa.people.queries import find_person_by_login

app = typer.Typer(add_completion=False)


@app.command()
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX, with the names of fields in its first line.", exists=True)
    ],
    type_: Annotated[str, typer.Option("--type", help="Code of the type, for example car.")],
    person: Annotated[
        str, typer.Option(help="Login of the person who imports; without one, the system.")
    ] = "",
) -> None:
    """Create a record for every line; rejected lines go, with reasons, into a file beside it."""
    with running_database():
        actor = system_actor()
        if person:
            found = find_person_by_login(person)
            if not found:
                raise NotFound(f"there is no person {person}")
            actor = actor_of(found)
        result = import_file(file, type_, actor=actor, progress=_show if sys.stderr.isatty() else None)
    typer.echo(f"{result.created} created, {result.rejected} rejected.")
    if result.unknown_columns:
        typer.echo(f"Columns without a field: {', '.join(result.unknown_columns)}")
    if result.rejected_file:
        typer.echo(f"Rejected lines with reasons: {result.rejected_file}")
        raise typer.Exit(1 if not result.created else 0)


def _show(rows: int) -> None:
    typer.echo(f"\r  {rows} lines\r", nl=False, err=True)
