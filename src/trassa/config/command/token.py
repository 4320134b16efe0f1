"""`trassa token`: API tokens."""

from typing import Annotated

import typer

from trassa.config.command.databases import running_database
from trassa.kernel import NotFound
from trassa.people.actions import issue_token
from trassa.people.queries import find_person_by_login

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def token() -> None:
    """API tokens."""


@app.command()
def create(
    login: Annotated[str, typer.Argument(help="Whose rights the token has.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    scope: Annotated[
        list[str] | None, typer.Option(help="read, write, admin; all that the person may have by default.")
    ] = None,
) -> None:
    """Print a new token, and nothing else, on standard output. It is shown this once."""
    with running_database():
        person = find_person_by_login(login)
        if not person:
            raise NotFound(f"there is no person {login}")
        scopes = scope or ["read", "write", *(["admin"] if person.is_administrator else [])]
        text = issue_token(person, name=name, scopes=scopes, actor_id=None)
    typer.echo(text)
