"""`trassa up`: everything on this machine in one go."""

import typer

from trassa.config import options
from trassa.config.command.databases import migrate, running_database
from trassa.config.command.forks import in_child
from trassa.config.parts import preload, run_front, run_worker
from trassa.config.postgres.server import EmbeddedServer
from trassa.config.supervisor import Part, Supervisor

app = typer.Typer(add_completion=False)


@app.command()
def up() -> None:
    """Run database, web, events and worker until Ctrl-C; crashed parts start again."""
    with running_database() as server:
        with in_child(migrate):
            preload()
        typer.echo(f"Trassa: {address()}")
        run_everything(server)


def address() -> str:
    """Where a browser finds this installation."""
    host = options.ADDRESS.read()
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{options.PORT.read()}"


def run_everything(server: EmbeddedServer | None) -> None:
    """Supervise the parts, which are loaded already; returns when told to stop."""
    Supervisor([Part("web", run_front), Part("worker", run_worker)], server=server).run()
