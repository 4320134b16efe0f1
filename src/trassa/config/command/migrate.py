"""`trassa migrate`: tables of this version."""

import typer

from trassa.config.command import databases

app = typer.Typer(add_completion=False)


@app.command()
def migrate() -> None:
    """Bring the tables up to this version of Trassa."""
    with databases.running_database():
        done = databases.migrate()
    typer.echo("The tables are of this version now." if done else "Nothing to do.")
