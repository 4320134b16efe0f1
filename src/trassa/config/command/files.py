"""`trassa files`: the contents of files."""

import sys
from typing import Annotated

import typer

from trassa.config.command.databases import running_database
from trassa.records.actions.comments import erase_deleted_comments
from trassa.records.actions.contents import collect_files
from trassa.records.actions.repairing import redraw_lost_pictures
from trassa.records.queries.contents import inspect_store, lost_files

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The contents of files.")


@app.command()
def clean() -> None:
    """Do at once what happens every night: drop what was removed long ago and what nobody needs."""
    with running_database():
        files, contents = collect_files()
        comments = erase_deleted_comments()
    typer.echo(f"Files dropped: {files}, contents: {contents}, texts of comments erased: {comments}.")


@app.command()
def repair(
    read: Annotated[bool, typer.Option("--read", help="Read every content and make its hash anew.")] = False,
) -> None:
    """Drop left-over contents, draw lost small pictures again, and name the files that only a backup has."""
    with running_database():
        _files, contents = collect_files()
        drawn = redraw_lost_pictures(inspect_store(read=read))
        left = inspect_store(read=read)
        lost = lost_files(left.lost, limit=10_000)
    typer.echo(f"Left-over contents dropped: {contents}, small pictures drawn: {drawn}.")
    for file in lost:
        place = f"{file.title} ({file.record_id})" if file.record_id else "not attached"
        typer.echo(f"LOST {file.hash}  {file.name}: {place}")
    if lost:
        typer.echo(
            "Bring them back: trassa backup restore FILE --only-files, or attach the same files again."
        )
    sys.exit(1 if lost else 0)
