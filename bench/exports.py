"""Taking a list along: the rows of an XLSX, from the database to the finished file."""

import tempfile
import time
from typing import IO, cast

from bench.figures import Figure
from trassa.access.queries import actor_of
from trassa.people.queries import find_person_by_login
from trassa.records.queries.exports import exported_pages, heads_of
from trassa.records.sheets import open_sheet
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation, pin_generation

COLUMNS = ("number", "title", "stage", "owner", "client", "car", "amount", "created_at")


def measure_export(rows: int) -> Figure:
    """Write the newest deals that the director sees into an XLSX; the time is that of the whole file."""
    spec = current_generation().types["deal"]
    person = find_person_by_login("director")
    assert person is not None
    actor = actor_of(person)
    written = 0
    started = time.perf_counter()
    with pin_generation(), tempfile.TemporaryFile() as file:
        sheet = open_sheet("xlsx", cast("IO[bytes]", file), heads_of(actor, spec, COLUMNS))
        for page in exported_pages(actor, spec, ListQuery(), COLUMNS):
            for cells in page[: rows - written]:
                sheet.add(cells)
                written += 1
            if written >= rows:
                break
        sheet.close()
    took = time.perf_counter() - started
    return Figure(took * 1000, took * 1000, written / took, note=f"{written} rows")
