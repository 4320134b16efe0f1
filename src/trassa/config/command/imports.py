"""`trassa import`: records from a spreadsheet."""

import gc
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.config.command.databases import running_database
from trassa.imports.actions.orders import check_run, start_run
from trassa.imports.actions.runs import change_run, create_run
from trassa.imports.actions.working import work
from trassa.imports.queries.rejections import rejected_csv, rejected_name
from trassa.imports.queries.runs import get_run, ignored_headings
from trassa.imports.types import Duplicates, ImportRun, Options, Robots
from trassa.kernel import NotFound
from trassa.people.queries import get_person_by_login
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

app = typer.Typer(add_completion=False)
#: Seconds between looks at a run that another process works on.
_LOOK_SECONDS = 0.5


@app.command()
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV or XLSX, with the names of fields in its first line.", exists=True, dir_okay=False
        ),
    ],
    type_: Annotated[str, typer.Option("--type", help="Code of the type, for example car.")],
    person: Annotated[
        str, typer.Option(help="Login of the person who imports; without one, the system.")
    ] = "",
    duplicates: Annotated[
        Duplicates, typer.Option(help="What becomes of lines whose record is there already.")
    ] = Duplicates.SKIP,
    key: Annotated[
        list[str] | None,
        typer.Option(help="Code of a field that tells duplicates; may be repeated. Usually found out."),
    ] = None,
    robots: Annotated[Robots, typer.Option(help="Which robots take part.")] = Robots.NONE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
) -> None:
    """Create a record for every line; rejected lines go, with reasons, into a file beside it."""
    with running_database():
        actor = actor_of(get_person_by_login(person)) if person else system_actor()
        spec = get_type(type_)
        with file.open("rb") as stream:
            run = create_run(stream, file.name, spec, actor=actor)
        options = Options(duplicates, tuple(key) if key else run.options.keys, robots)
        change_run(run.id, actor=actor, options=options)
        if dry_run:
            check_run(run.id, actor=actor, by_job=False)
        else:
            start_run(run.id, actor=actor, by_job=False)
        # What is loaded by now stays to the end: looking through it for rubbish cost a fifth of the time.
        gc.freeze()
        run = carry_out(run.id, actor)
        report(run, spec, file)


def get_type(code: str) -> TypeSpec:
    """The type with this code; raises NotFound, naming those that there are."""
    types = current_generation().types
    if code not in types:
        known = ", ".join(sorted(types)) or "—"
        raise NotFound(f"There is no type “{code}”; there are: {known}.")
    return types[code]


def carry_out(id: int, actor: Actor) -> ImportRun:
    """Work on a run until it is at its end; another process may do so at the same time."""
    while True:
        work(id, progress=show if sys.stderr.isatty() else None)
        run = get_run(actor, id)
        if not run.is_working:
            return run
        time.sleep(_LOOK_SECONDS)


def show(rows: int) -> None:
    typer.echo(f"\r  {rows} lines\r", nl=False, err=True)


def report(run: ImportRun, spec: TypeSpec, file: Path) -> None:
    """Say what became of the lines, and write the file of rejected ones."""
    counts = run.counts
    told = {
        "created": counts.created,
        "updated": counts.updated,
        "duplicates": counts.duplicates,
        "to be decided": counts.undecided,
        "rejected": counts.rejected,
    }
    typer.echo(
        ", ".join(f"{count} {word}" for word, count in told.items() if count or word == "created") + "."
    )
    if ignored := ignored_headings(run):
        typer.echo(f"Columns without a field: {', '.join(ignored)}")
    if run.error:
        typer.echo(run.error, err=True)
    if counts.rejected:
        path = file.with_name(rejected_name(file.name))
        partial = path.with_name(f"{path.name}.partial")
        with partial.open("wb") as stream:
            stream.writelines(rejected_csv(run, spec))
        partial.replace(path)
        typer.echo(f"Rejected lines with reasons: {path}")
    if run.error or (counts.rejected and not counts.created and not counts.updated):
        raise typer.Exit(1)
