"""`trassa web`: this part alone, for installations on several machines."""

import typer

from trassa.config.parts import preload, run_web

app = typer.Typer(add_completion=False)


@app.command()
def web() -> None:
    """Serve pages and API (WSGI) until told to stop."""
    preload()
    run_web()
