"""`trassa journal`: history."""

import sys

import typer

from trassa.config.command.databases import running_database
from trassa.journal import verify as verify_history

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def journal() -> None:
    """History."""


@app.command()
def verify() -> None:
    """Read all of history and its checkpoints; code 1 when something was altered or is missing."""
    with running_database():
        report = verify_history()
    for problem in report.problems:
        place = f"{problem.stream.kind} {problem.stream.id}" if problem.stream else "checkpoint"
        typer.echo(f"{problem.fault}: {place}, {problem.seq}")
    typer.echo(
        f"{report.entries} entries in {report.streams} streams, {report.checkpoints} checkpoints: "
        + ("everything fits." if report.is_clean else f"{report.found} problems.")
    )
    sys.exit(0 if report.is_clean else 1)
