"""Compares every table and view with the metadata, for `trassa doctor` and the tests."""

from trassa.schema.metadata import Metadata, load_metadata
from trassa.schema.tables.actual import actual_tables, existing_views, table_names_like
from trassa.schema.tables.desired import desired_tables
from trassa.schema.tables.differences import Discrepancy, describe
from trassa.schema.tables.views import SCHEMAS, view_digests, view_statements


def list_discrepancies() -> list[Discrepancy]:
    """Everything in which the database differs from the metadata; some six SQL statements.

    Indexes that a job is still building are no discrepancy; those that it could not build are.
    """
    metadata = load_metadata()
    desired = desired_tables(metadata)
    actual = actual_tables(desired)
    building = {f"f_{row['id']}_" for row in metadata.fields if row["finishing"] and not row["problem"]}
    found = [
        discrepancy
        for name, table in desired.items()
        for discrepancy in describe(table, actual.get(name))
        if not any(discrepancy.name.startswith(prefix) for prefix in building)
    ]
    return found + unknown_tables(metadata, set(desired)) + stale_views(metadata)


def unknown_tables(metadata: Metadata, known: set[str]) -> list[Discrepancy]:
    """Tables with our names that belong to nothing; those of destroyed links wait for their job."""
    doomed = {f"l_{row['id']}" for row in metadata.fields if row["doomed_in"]}
    present = table_names_like("r") | table_names_like("l")
    return [Discrepancy(name, name, "nobody knows this table") for name in sorted(present - known - doomed)]


def stale_views(metadata: Metadata) -> list[Discrepancy]:
    """Views that are missing, left over or made from other columns."""
    found = []
    for schema in SCHEMAS:
        wanted = view_digests(view_statements(metadata, schema))
        present = existing_views(schema)
        for code in sorted(wanted.keys() | present.keys()):
            if wanted.get(code) != present.get(code):
                found.append(Discrepancy(f"{schema}.{code}", code, "the view is not up to date"))
    return found
