"""`trassa events`: this part alone, for installations on several machines."""

import typer

from trassa.config.parts import preload, run_events

app = typer.Typer(add_completion=False)


@app.command()
def events() -> None:
    """Serve events to browsers until told to stop."""
    preload()
    run_events()
