"""`trassa person`: people."""

from typing import Annotated

import typer

from trassa.config.command.databases import running_database
from trassa.kernel import NotFound
from trassa.people import actions
from trassa.people.queries import find_department, find_role, get_person_by_login, list_people

app = typer.Typer(add_completion=False, no_args_is_help=True)

CAUSE = {"kind": "command"}
Login = Annotated[str, typer.Argument(help="Whom it is about.")]
Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="TRASSA_PASSWORD")
]


@app.callback()
def person() -> None:
    """People."""


@app.command()
def create(
    login: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    name: Annotated[str, typer.Option(help="Family name first, as in «Белова Анна».")],
    password: Password,
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
        actions.create_person(
            login=login,
            name=name,
            password=password,
            email=email,
            department=found,
            roles=[held for _, held in roles if held],
            is_administrator=administrator,
            actor_id=None,
            cause=CAUSE,
        )
    typer.echo(f"{login} can sign in.")


@app.command("list")
def list_() -> None:
    """Everybody by name: login, name, roles."""
    with running_database():
        for each in list_people():
            state = "" if each.person.is_active else "  (dismissed)"
            roles = ", ".join(each.role_codes)
            typer.echo(f"{each.person.login:<20}{each.person.name:<32}{roles}{state}")


@app.command()
def password(login: Login, password: Password) -> None:
    """Set a new password and end the person's sessions."""
    with running_database():
        actions.set_password(get_person_by_login(login), password, actor_id=None, cause=CAUSE)
    typer.echo(f"{login} has a new password.")


@app.command()
def dismiss(login: Login) -> None:
    """Let a person go: no session and no token of theirs opens anything from now on."""
    with running_database():
        actions.dismiss_person(get_person_by_login(login), actor_id=None, cause=CAUSE)
    typer.echo(f"{login} is dismissed.")


@app.command()
def readmit(login: Login) -> None:
    """Take a dismissed person back."""
    with running_database():
        actions.readmit_person(get_person_by_login(login), actor_id=None, cause=CAUSE)
    typer.echo(f"{login} can sign in again.")
