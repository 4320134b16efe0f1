"""`trassa backup`: the database and the contents of files, in one archive.

The archive is a plain tar: `trassa.dump` (pg_dump's custom format), then the contents as `files/<hash>`. The
dump is made first, so every content that it knows is still there when contents are written.
"""

import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from trassa.config import options
from trassa.config.command import db
from trassa.config.command.databases import running_database
from trassa.kernel import Invalid
from trassa.records.actions.repairing import put_content
from trassa.records.queries.contents import stored_contents

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Database and files together.")

_DUMP = "trassa.dump"
_CONTENT = re.compile(r"files/([0-9a-f]{64})")


@app.command()
def create(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write the database and the contents of all files into one archive, while people work."""
    draft = file.with_name(f"{file.name}.new")
    with running_database(), tempfile.TemporaryDirectory(dir=file.resolve().parent) as folder:
        db.write_dump(Path(folder, _DUMP))
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as target, tarfile.open(fileobj=target, mode="w|") as archive:
            archive.add(Path(folder, _DUMP), _DUMP)
            count = sum(1 for _hash in add_contents(archive))
    draft.replace(file)
    typer.echo(f"{file}: {file.stat().st_size / 1_048_576:.1f} MB, {count} contents of files.")


def add_contents(archive: tarfile.TarFile) -> Iterator[str]:
    """Put every content into the archive; yields their hashes."""
    for hash, size, stream in stored_contents():
        entry = tarfile.TarInfo(f"files/{hash}")
        entry.size, entry.mode = size, 0o600
        archive.addfile(entry, stream)
        yield hash


@app.command()
def restore(
    file: Annotated[
        Path, typer.Argument(help="What `trassa backup create` wrote.", exists=True, dir_okay=False)
    ],
    replace: Annotated[bool, typer.Option(help="Remove what is in the database now.")] = False,
    only_files: Annotated[
        bool, typer.Option("--only-files", help="Bring back contents and leave the database alone.")
    ] = False,
) -> None:
    """Bring contents and database back: into an empty database, or into this one's place with --replace.

    Contents come first and are looked at: one that is not what it should be ends the restore before the
    database is touched. Contents that are here already stay.
    """
    data = options.DATA.read()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with running_database(), tempfile.TemporaryDirectory(dir=data) as folder:
        dump = Path(folder, _DUMP)
        try:
            count = sum(1 for _hash in unpack(file, dump))
        except (tarfile.TarError, EOFError, Invalid) as problem:
            raise typer.BadParameter(f"{file} is no whole backup: {problem}") from None
        if not dump.exists():
            raise typer.BadParameter(f"{file} holds no database; is it a backup?")
        typer.echo(f"{count} contents of files are in their places.")
        if not only_files:
            db.read_dump(dump, replace=replace)
            typer.echo(f"{file} is in the database.")


def unpack(file: Path, dump: Path) -> Iterator[str]:
    """Write the dump to its file and every content to the store; yields the hashes of contents."""
    with tarfile.open(file, mode="r|") as archive:
        for entry in archive:
            stream = archive.extractfile(entry)
            named = _CONTENT.fullmatch(entry.name)
            if stream is None:
                continue
            if entry.name == _DUMP:
                with dump.open("xb") as target:
                    shutil.copyfileobj(stream, target)
            elif named:
                put_content(named[1], stream)
                yield named[1]
