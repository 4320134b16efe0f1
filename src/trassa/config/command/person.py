"""`trassa person`: people."""

from typing import Annotated

import typer

from trassa.config.command.databases import running_database
from trassa.kernel import NotFound
from trassa.people.actions import create_person
from trassa.people.queries import find_department, find_role

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def person() -> None:
    """People."""


@app.command()
def create(
    login: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    name: Annotated[str, typer.Option(help="Family name first, as in «Белова Анна».")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="TRASSA_PASSWORD")
    ],
    email: Annotated[str, typer.Option()] = "",
    department: Annotated[str, typer.Option(help="Code of the department.")] = "",
    role: Annotated[
        list[str] | None, typer.Option(help="Code of a role; may be given several times.")
    ] = None,
    administrator: Annotated[bool, typer.Option(help="May set up everything.")] = False,
) -> None:
    """Create a person who can sign in."""
    with running_database():
        found = find_department(department) if department else None
        if department and not found:
            raise NotFound(f"there is no department {department}")
        roles = [(code, find_role(code)) for code in role or []]
        for code, held in roles:
            if not held:
                raise NotFound(f"there is no role {code}")
        create_person(
            login=login,
            name=name,
            password=password,
            email=email,
            department=found,
            roles=[held for _, held in roles if held],
            is_administrator=administrator,
            actor_id=None,
            cause={"kind": "command"},
        )
    typer.echo(f"{login} can sign in.")
