"""`trassa token`: API tokens."""

from typing import Annotated

import typer

from trassa.config.command.databases import running_database
from trassa.kernel import NotFound
from trassa.people.actions import issue_token, revoke_token
from trassa.people.queries import get_person_by_login, list_tokens

app = typer.Typer(add_completion=False, no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Whose rights the token has.")]


@app.callback()
def token() -> None:
    """API tokens."""


@app.command()
def create(
    login: Login,
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    scope: Annotated[
        list[str] | None, typer.Option(help="read, write, admin; all that the person may have by default.")
    ] = None,
) -> None:
    """Print a new token, and nothing else, on standard output. It is shown this once."""
    with running_database():
        person = get_person_by_login(login)
        scopes = scope or ["read", "write", *(["admin"] if person.is_administrator else [])]
        text = issue_token(person, name=name, scopes=scopes, actor_id=None)
    typer.echo(text)


@app.command("list")
def list_(login: Login) -> None:
    """The person's valid tokens: how each begins, its scopes, what it is for."""
    with running_database():
        for each in list_tokens(get_person_by_login(login).id):
            typer.echo(f"{each.prefix:<12}{', '.join(each.scopes):<24}{each.name}")


@app.command()
def revoke(
    login: Login,
    beginning: Annotated[str, typer.Argument(help="How the token begins, as `token list` shows it.")],
) -> None:
    """End the person's tokens that begin like this, at once."""
    with running_database():
        found = [
            each for each in list_tokens(get_person_by_login(login).id) if beginning.startswith(each.prefix)
        ]
        if not found:
            raise NotFound(f"{login} has no valid token {beginning}")
        for each in found:
            revoke_token(each, actor_id=None, cause={"kind": "command"})
    typer.echo(f"{len(found)} revoked.")
