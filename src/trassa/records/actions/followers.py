"""Rows of upper rooms follow records: they are read and written in the round trips of a batch."""

from collections.abc import Mapping, Sequence

from trassa.records.actions.statements import Statements
from trassa.records.registries import Rows, Statement, WrittenRecord, write_followers


def reads_beside(ids: Sequence[int]) -> dict[str, Statement]:
    """What followers ask about these records, by their names."""
    asking = ((name, follower.read) for name, follower in write_followers.items())
    return {name: read(ids) for name, read in asking if read is not None}


def add_following(
    statements: Statements, written: Sequence[WrittenRecord], beside: Mapping[str, Rows]
) -> None:
    """Add the statements by which rows of upper rooms follow these records."""
    for name, follower in write_followers.items() if written else ():
        for text, parameters in follower.follow(written, beside.get(name, ())):
            statements.add(text, parameters)
