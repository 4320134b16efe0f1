"""`trassa pack`: solution packs, that is configuration as files."""

from pathlib import Path
from typing import Annotated

import typer

from trassa.config.command.databases import running_database
from trassa.solutions import actions, queries
from trassa.solutions.queries import Plan

app = typer.Typer(add_completion=False, help="Solution packs.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Code of a pack, or the folder of one.")]


Take = Annotated[
    list[str] | None,
    typer.Option(
        help="Who wins where both sides changed a value: pack or local; pack:car.price or local:car.price "
        "for one place. May stand several times."
    ),
]


@app.command("list")
def list_packs() -> None:
    """Packs that there are, with the version applied here."""
    with running_database():
        installed = {pack.code: pack for pack in queries.list_installed()}
    for pack in queries.list_packs():
        here = installed.get(pack.code)
        state = f"applied {here.version}" if here else "not applied"
        typer.echo(f"{pack.code:<16}{pack.about.version:<10}{state:<20}{pack.about.label.ru}")


@app.command()
def plan(pack: Code, take: Take = None) -> None:
    """Show what applying would change; nothing is changed."""
    with running_database():
        plans = queries.plan_all(_place(pack), decisions=queries.read_decisions(take or ()))
    for each in plans:
        _print(each)
    if any(each.conflicts or each.obstacles for each in plans):
        raise typer.Exit(2)


@app.command()
def apply(pack: Code, take: Take = None) -> None:
    """Apply a pack and those it requires. Nothing is destroyed: what a pack drops stays with its data."""
    with running_database():
        decisions = queries.read_decisions(take or ())
        for each in actions.apply_with_required(_place(pack), actor_id=None, decisions=decisions):
            _print(each)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.")],
    code: Annotated[str, typer.Option(help="Code of the pack to be written.")] = "export",
    pack: Annotated[str | None, typer.Option(help="Write only what this applied pack brought.")] = None,
) -> None:
    """Write the configuration as it is now as a pack of readable files."""
    with running_database():
        for path in actions.export(folder, code=code, pack=pack):
            typer.echo(str(path))


def _place(pack: str) -> str | Path:
    return Path(pack) if "/" in pack or Path(pack).is_dir() else pack


def _print(made: Plan) -> None:
    was = made.installed_version or "nothing"
    typer.echo(f"{made.pack}: {was} → {made.version}" + (", nothing to change" if made.is_empty else ""))
    for line in (*made.steps, *made.notes):
        typer.echo(f"  {line}")
    for line in (*made.conflicts, *made.obstacles):
        typer.echo(f"  ! {line}")
