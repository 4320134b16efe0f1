"""Which generation this process uses: one compiled at a time, pinned per request, job or write.

A number is compiled once per process, however many threads ask for it.
See docs/decisions/0003-generations.md.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.db.transaction import TransactionManagementError

from trassa.schema.compiler import compile_generation
from trassa.schema.metadata import load_metadata, read_number
from trassa.schema.types import Generation


class _Pin:
    """A place for the generation of one request; it is looked up when it is first asked for."""

    generation: Generation | None = None


class _Process:
    """What this process has compiled and which numbers its pins hold."""

    def __init__(self) -> None:
        self.latest: Generation | None = None
        self.pinned: Counter[int] = Counter()
        self.compiling = threading.Lock()
        self.counting = threading.Lock()


_process = _Process()
_pin: ContextVar[_Pin | None] = ContextVar("trassa_generation", default=None)
_before: ContextVar[Generation | None] = ContextVar("trassa_generation_before", default=None)


def current_generation() -> Generation:
    """The generation pinned in this context, or the newest one: one SQL statement, compiled when new."""
    pin = _pin.get()
    if pin is None:
        return load_generation(read_number())
    if pin.generation is None:
        pin.generation = hold(read_number())
    return pin.generation


@contextmanager
def pin_generation() -> Iterator[None]:
    """Keep one generation for everything inside the block; nested blocks share the outer one's.

    The number is read when a generation is first asked for, so a block that needs none costs nothing.
    """
    if _pin.get() is not None:
        yield
        return
    pin = _Pin()
    token = _pin.set(pin)
    try:
        yield
    finally:
        _pin.reset(token)
        if pin.generation is not None:
            release(pin.generation)


@contextmanager
def unpin_generation() -> Iterator[None]:
    """Follow the newest generation inside the block, whatever is pinned around it.

    For what changes the schema and goes on to work with it.
    """
    token = _pin.set(None)
    try:
        yield
    finally:
        _pin.reset(token)


@contextmanager
def remembering_generation() -> Iterator[None]:
    """Remember what is there before the schema changes inside the block; an outer block has remembered more.

    It is compiled here, before anything has changed: later the metadata would be those of the change.
    """
    if _before.get() is not None:
        yield
        return
    with unpin_generation():
        token = _before.set(current_generation())
    try:
        yield
    finally:
        _before.reset(token)


def generation_before() -> Generation:
    """What was there before the schema began to change; the current generation when nobody changes it."""
    return _before.get() or current_generation()


@contextmanager
def pin_draft(generation: Generation) -> Iterator[None]:
    """Read with a generation that is nowhere in use; see `actions.rehearsals`."""
    pin = _Pin()
    pin.generation = generation
    token = _pin.set(pin)
    try:
        yield
    finally:
        _pin.reset(token)


def pin_for_write() -> Generation:
    """The generation to write with; it stays current until the transaction ends.

    Takes the shared lock that schema changes wait for and returns the number in one statement. Resolve
    everything that is written after this call. Must be the transaction's first look at the schema, and
    the transaction must be READ COMMITTED, as all of ours are.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("pin_for_write() needs a transaction: its lock lasts that long")
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema_pin()")
        number = cursor.fetchone()[0]
    return load_generation(number)


def load_generation(number: int) -> Generation:
    """The compiled generation of this number, or a newer one when it has just been replaced."""
    latest = _process.latest
    if latest is not None and latest.number == number:
        return latest
    with _process.compiling:
        latest = _process.latest
        if latest is not None and latest.number == number:
            return latest
        metadata = load_metadata()
        if latest is None or latest.number != metadata.number:
            latest = _process.latest = compile_generation(metadata)
        return latest


def hold(number: int) -> Generation:
    """The generation of this number, counted as used by this process until it is released."""
    generation = load_generation(number)
    with _process.counting:
        _process.pinned[generation.number] += 1
    return generation


def take_number(number: int) -> None:
    """Pin the generation of a number that somebody has read for this request just now."""
    pin = _pin.get()
    if pin is not None and pin.generation is None:
        pin.generation = hold(number)


def release(generation: Generation) -> None:
    """Take back what `hold` counted."""
    with _process.counting:
        _process.pinned[generation.number] -= 1
        if not _process.pinned[generation.number]:
            del _process.pinned[generation.number]


def oldest_used(newest: int) -> int:
    """The number of the oldest generation that this process may still read with."""
    with _process.counting:
        return min([newest, *_process.pinned])


def reset_generation_cache() -> None:
    """Forget what was compiled; for tests whose tables vanish with their transaction."""
    with _process.compiling:
        _process.latest = None
