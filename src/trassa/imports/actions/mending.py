"""A mended file of rejected lines comes back: its columns mean what they meant before."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile

from trassa.access.queries import Actor
from trassa.imports.actions.runs import change_run, create_run
from trassa.imports.columns import folded
from trassa.imports.queries.runs import get_run
from trassa.imports.queries.subjects import type_of
from trassa.imports.types import Column, ImportRun
from trassa.kernel import Invalid


def create_mended_run(id: int, stream: BinaryIO | UploadedFile[Any], name: str, *, actor: Actor) -> ImportRun:
    """Take in a file whose lines this run has rejected, with the columns and options of the run.

    What does not exist any more is proposed anew. Raises NotFound, and what `create_run` raises.
    """
    former = get_run(actor, id)
    run = create_run(stream, name, type_of(former), actor=actor)
    if run.source.line != 1 and begins_with(run, former.columns):
        run = change_run(run.id, source=replace(run.source, line=1, lines=1), actor=actor)
    with suppress(Invalid):
        columns = carry_over(former.columns, run.columns)
        return change_run(run.id, columns=columns, options=former.options, actor=actor)
    return run


def begins_with(run: ImportRun, columns: Sequence[Column]) -> bool:
    """Whether the first line holds these headings: rejected lines are written below them."""
    first = next((row.cells for row in run.sample if row.line == 1), ())
    return headings_match(first, columns)


def headings_match(headings: Sequence[str], columns: Sequence[Column]) -> bool:
    known = [folded(column.heading) for column in columns]
    return [folded(heading) for heading in headings[: len(known)]] == known


def carry_over(former: Sequence[Column], found: Sequence[Column]) -> list[Column]:
    """The columns of a file as those of a former one with the same headings; others keep their proposal."""
    if headings_match([column.heading for column in found], former):
        chosen = [*former, *found[len(former) :]]
    else:
        by_heading = {folded(column.heading): column for column in reversed(former)}
        chosen = [by_heading.get(folded(column.heading), column) for column in found]
    taken: set[str] = set()
    columns = []
    for column, each in zip(found, chosen, strict=True):
        is_new = each.target not in taken
        taken.add(each.target)
        columns.append(Column(column.heading, each.target, each.key) if is_new else Column(column.heading))
    return columns
