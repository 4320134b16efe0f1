"""`trassa worker`: this part alone, for installations on several machines."""

import typer

from trassa.config.parts import preload, run_worker

app = typer.Typer(add_completion=False)


@app.command()
def worker() -> None:
    """Run jobs, timers and the outbox until told to stop."""
    preload()
    run_worker()
