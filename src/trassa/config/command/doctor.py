"""`trassa doctor`: what is wrong with this installation, and what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer
from django.conf import settings
from django.contrib.staticfiles.finders import find as find_static
from django.db import connection

from trassa.config import options
from trassa.config.command.databases import has_pending_migrations, running_database
from trassa.journal import list_parked
from trassa.records.queries.contents import inspect_store, lost_files
from trassa.schema.queries import list_discrepancies

app = typer.Typer(add_completion=False)

OLDEST_POSTGRES = 150_000
LEAST_FREE_BYTES = 1024**3
#: Seconds after which a message in the outbox means that no worker runs.
LATE_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One look; `advice` says what to do when it is not well."""

    words: str
    is_well: bool
    advice: str = ""


@app.command()
def doctor(
    files: Annotated[
        bool, typer.Option("--files", help="Read the content of every file and compare its hash, too.")
    ] = False,
) -> None:
    """Look at everything; code 1 when something is not well."""
    with running_database():
        findings = [finding for check in CHECKS for finding in check()]
        findings += check_files(read=files)
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_well else 'BAD '} {finding.words}")
        if not finding.is_well:
            typer.echo(f"     → {finding.advice}")
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


def check_database() -> Iterator[Finding]:
    """Version, locale and tables."""
    version = int(str(_ask("SHOW server_version_num")))
    yield Finding(
        f"PostgreSQL {version // 10_000}.{version % 10_000}",
        version >= OLDEST_POSTGRES,
        "Trassa needs PostgreSQL 15 or newer.",
    )
    yield Finding(
        "PostgreSQL folds Russian letters",
        _ask("SELECT lower('Ё') = 'ё'") is True,
        "Create the database with a UTF-8 locale, for example C.UTF-8.",
    )
    yield Finding("Tables are of this version", not has_pending_migrations(), "Run trassa migrate.")


def check_outbox() -> Iterator[Finding]:
    """Whether what happened is being told."""
    age = _ask(
        "SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::int"
        " FROM journal_outbox WHERE next_attempt_at IS NULL"
    )
    yield Finding(
        f"Oldest message in the outbox: {age} s", int(str(age)) < LATE_SECONDS, "Start trassa worker."
    )
    parked = list_parked()
    advice = "; ".join(f"{each.event} → {each.subscriber}: {each.error}" for each in parked[:3])
    yield Finding(f"Messages that could not be handled: {len(parked)}", not parked, advice)
    failed = _ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    yield Finding(f"Failed jobs: {failed}", failed == 0, "See procrastinate_jobs with status 'failed'.")


def check_schema() -> Iterator[Finding]:
    """Tables, indexes, constraints and views of types against what administrators set up."""
    found = list_discrepancies()
    yield Finding(
        f"Differences between tables and the schema: {len(found)}",
        not found,
        "; ".join(str(each) for each in found[:5]),
    )


def check_records() -> Iterator[Finding]:
    """Anchors of records against the rows of their types, which are the truth."""
    tables = _all("SELECT id, code, to_regclass('r_' || id) IS NOT NULL FROM schema_recordtype ORDER BY id")
    for number, code, exists in tables:
        yield Finding(f"Table of {code}", bool(exists), "Restore from a dump: the table of the type is gone.")
        if exists:
            differing = _ask(
                f"SELECT count(*) FROM r_{int(str(number))} t"
                f" FULL JOIN (SELECT * FROM records_record WHERE type_id = {int(str(number))}) a USING (id)"
                " WHERE t.id IS NULL OR a.id IS NULL OR t.deleted_at IS DISTINCT FROM a.deleted_at"
                " OR t.title IS DISTINCT FROM a.title"
            )
            yield Finding(
                f"Anchors of {code} that differ from their rows: {differing}",
                differing == 0,
                "Something wrote past the write path; compare records_record with the table of the type.",
            )


def check_folder() -> Iterator[Finding]:
    """The data folder and what was built."""
    data = options.DATA.read()
    free = shutil.disk_usage(data).free
    yield Finding(f"Free space in {data}: {free / 1024**3:.1f} GB", free > LEAST_FREE_BYTES, "Make room.")
    key = data / "secret_key"
    private = not key.exists() or key.stat().st_mode & 0o077 == 0
    yield Finding("The secret key is private", private, f"chmod 600 {key}")
    built = find_static("ui/build/manifest.json") is not None
    yield Finding("The front-end is built", built, "Run make install.")
    yield Finding("Debug pages are off", not settings.DEBUG, "Unset TRASSA_DEBUG.")


def check_files(*, read: bool) -> Iterator[Finding]:
    """Contents in the store against the rows that know them."""
    report = inspect_store(read=read)
    lost = lost_files(report.lost, limit=4)
    named = "; ".join(f"{file.name} ({file.title or 'not attached'})" for file in lost[:3])
    more = "…" if len(lost) > len(named.split("; ")) else ""
    advice = f"trassa files repair. {named}{more}" if lost else "trassa files repair"
    yield Finding(f"Contents of files: {report.contents}, {report.size / 1024**2:.1f} MB", True)
    yield Finding(f"Contents that are missing: {len(report.missing)}", not report.missing, advice)
    how = "length and hash" if read else "length"
    yield Finding(f"Contents that are damaged ({how}): {len(report.damaged)}", not report.damaged, advice)
    left = len(report.orphaned)
    yield Finding(
        f"Contents left over: {left}", left == 0, "They go at night, or at once with trassa files clean."
    )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_database,
    check_outbox,
    check_schema,
    check_records,
    check_folder,
)


def _all(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _ask(query: str) -> object:
    return _all(query)[0][0]
