"""`trassa keys`: the secret key that signs sessions and seals secrets."""

import sys

import typer

from trassa.config import options
from trassa.config.command.databases import running_database
from trassa.config.secret_key import add_key, drop_former_keys
from trassa.kernel import sealed_stores

app = typer.Typer(add_completion=False, no_args_is_help=True)

_OWN = "The key is set by TRASSA_SECRET_KEY: set a new one there, the old one in TRASSA_FORMER_SECRET_KEYS."


@app.callback()
def keys() -> None:
    """The secret key."""


@app.command()
def new() -> None:
    """Put a fresh key before the present one, which stays valid. Start every part anew afterwards."""
    _refuse_given()
    typer.echo(f"{add_key(options.DATA.read())} keys. Start Trassa anew, then: trassa keys reseal")


@app.command()
def reseal() -> None:
    """Seal everything that is kept sealed with the present key; former keys are not needed any more."""
    with running_database():
        for name, store in sealed_stores.items():
            typer.echo(f"{name}: {store()}")


@app.command()
def forget() -> None:
    """Seal everything anew and drop former keys: sessions that they signed end."""
    _refuse_given()
    reseal()
    typer.echo(f"{drop_former_keys(options.DATA.read())} former keys are gone. Start Trassa anew.")


def _refuse_given() -> None:
    if options.SECRET_KEY.read():
        typer.echo(_OWN, err=True)
        sys.exit(1)
