"""`trassa pack`: solution packs, that is configuration as files."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from trassa.config.command.databases import running_database, throwaway_database
from trassa.kernel import Invalid, company_zone
from trassa.people.queries import names_of
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
def history(pack: Annotated[str, typer.Argument(help="Code of a pack.")]) -> None:
    """Versions of a pack that were applied, newest first; numbers and versions can be rolled back to."""
    with running_database():
        versions = queries.list_versions(pack)
        names = names_of(id for each in versions for id in (each.applied_by_id, each.rolled_back_by_id) if id)
    for each in versions:
        line = f"{each.number:>4}  {each.version:<10}{_when(each.applied_at)}  {each.step_count:>4} steps"
        line += f"  {names[each.applied_by_id]}" if each.applied_by_id in names else ""
        if each.rolled_back_at:
            line += f"  rolled back {_when(each.rolled_back_at)}"
            line += f" {names[each.rolled_back_by_id]}" if each.rolled_back_by_id in names else ""
        typer.echo(line)


@app.command()
def rollback(
    pack: Annotated[str, typer.Argument(help="Code of a pack.")],
    to: Annotated[
        str | None,
        typer.Option(
            help="Version or number to return to, as `trassa pack history` shows them, or nothing: the whole "
            "pack goes out of use. Without it, the version before the last."
        ),
    ] = None,
    take: Take = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Return to an earlier version of a pack: shows the plan, asks, and carries it out.

    Nothing is destroyed: what a later version brought is retired with its data, what was changed here stays.
    """
    with running_database():
        made = queries.plan_rollback(pack, to=to, decisions=queries.read_decisions(take or ()))
        target = made.target.version if made.target else "nothing"
        typer.echo(f"{pack}: {made.plan.installed_version} → {target}")
        _print_lines(made.plan)
        if made.plan.conflicts or made.plan.obstacles:
            raise typer.Exit(2)
        if not yes:
            typer.confirm("Carry this out?", abort=True)
        actions.roll_back(made, actor_id=None)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.")],
    code: Annotated[str, typer.Option(help="Code of the pack to be written; export or local.")] = "",
    pack: Annotated[str | None, typer.Option(help="Write only what this applied pack brought.")] = None,
    local: Annotated[
        bool, typer.Option("--local", help="Write only what was changed here, as a pack that extends others.")
    ] = False,
) -> None:
    """Write the configuration as it is now as a pack of readable files."""
    if local and pack:
        raise Invalid("Give either --local or --pack.")
    with running_database():
        if not local:
            written: Sequence[Path] = actions.export(folder, code=code or "export", pack=pack)
        else:
            exported = actions.export_local(folder, code=code or "local")
            written = exported.files
            for address in exported.unprefixed:
                typer.echo(
                    f"{address}: codes added here should begin with x_, or a pack may bring the same one.",
                    err=True,
                )
    for path in written:
        typer.echo(str(path))


@app.command()
def test(pack: Code) -> None:
    """Try a pack in a database that is thrown away: names, apply, expressions, cases, demo data."""
    failed = 0
    with throwaway_database():
        for trial in actions.try_pack(_place(pack)):
            typer.echo(f"{'ok  ' if trial.passed else 'FAIL'} {trial.name} ({trial.count})")
            for problem in trial.problems:
                typer.echo(f"     {problem}")
            failed += not trial.passed
    if failed:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the files of a pack, for editors."""
    typer.echo(json.dumps(queries.pack_schema(), ensure_ascii=False, indent=2))


def _place(pack: str) -> str | Path:
    return Path(pack) if "/" in pack or Path(pack).is_dir() else pack


def _print(made: Plan) -> None:
    was = made.installed_version or "nothing"
    typer.echo(f"{made.pack}: {was} → {made.version}" + (", nothing to change" if made.is_empty else ""))
    _print_lines(made)


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(company_zone()):%Y-%m-%d %H:%M}"


def _print_lines(made: Plan) -> None:
    for line in (*made.steps, *made.notes):
        typer.echo(f"  {line}")
    for line in (*made.conflicts, *made.obstacles):
        typer.echo(f"  ! {line}")
