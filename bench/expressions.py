"""The expression language alone: reading a text with the names of a large schema, and computing the tree."""

import time
from decimal import Decimal

from bench.figures import Figure, figure_of, repeat
from trassa.access.queries import actor_of
from trassa.expressions import compute_with, paths_of, read, walk
from trassa.kernel import now
from trassa.people.queries import find_person_by_login
from trassa.records.queries import reader_scope
from trassa.schema.queries import current_generation

#: Twenty nodes: fields, paths through links, dates, conditions, text.
TEXT = (
    'IF(amount > 1000000 AND source = "avito", ROUND(amount * 12 / car.price * 100, 2),'
    " amount - DAYS(TODAY(), DAYOF(created_at)) * 100)"
)
_ROUNDS = 1000


def measure_check(times: int) -> Figure:
    """Text → checked tree, with the names that the director sees."""
    actor, spec = actor_of(find_person_by_login("director")), current_generation().types["deal"]
    nodes = len(list(walk(read(TEXT, reader_scope(actor), spec.id))))

    def once() -> float:
        started = time.perf_counter()
        read(TEXT, reader_scope(actor), spec.id)
        return (time.perf_counter() - started) * 1000

    return figure_of(repeat(times, once), note=f"{nodes} nodes")


def measure_evaluate(times: int) -> Figure:
    """The same tree for one record, whose values are there."""
    actor, spec = actor_of(find_person_by_login("director")), current_generation().types["deal"]
    node = read(TEXT, reader_scope(actor), spec.id)
    source = next(option.id for option in spec.by_code["source"].options if option.code == "avito")
    values = dict.fromkeys(paths_of([node]), Decimal(1_250_000))
    values |= {(spec.by_code["source"].column,): source, ("created_at",): now()}
    compute = compute_with(node, reader_id=actor.id)
    assert compute(values) == 1200

    def once() -> float:
        started = time.perf_counter()
        for _ in range(_ROUNDS):
            compute(values)
        return (time.perf_counter() - started) * 1000 / _ROUNDS

    return figure_of(repeat(times, once), note="computing alone")
