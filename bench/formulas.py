"""What formulas cost the writes that touch them, and how soon many that look at one record are right."""

import threading
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from django.db import connection, connections

from bench.figures import figure_of
from trassa.access.queries import system_actor
from trassa.records.actions.recounting import work_on
from trassa.records.actions.write import write_records
from trassa.records.models import Recount
from trassa.records.types import Change, Write
from trassa.schema.actions import SchemaChange, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

PAIRS, WRITES = 30, 10
#: Ten formulas of an order about its own fields, each behind the one before it in part.
FORMULAS = {
    "net": "amount - discount",
    "fee": "ROUND(net * 5%, 2)",
    "vat": "ROUND(fee * 20%, 2)",
    "whole": "net + fee + vat",
    "share": "IF(amount > 0, whole / amount, 0)",
    "per_piece": "IF(pieces > 0, whole / pieces, 0)",
    "is_large": "amount > 1000000",
    "due_on": "ordered_on + 14",
    "size": 'IF(amount > 1000000, "large", IF(amount > 100000, "middle", "small"))',
    "rest": "whole - IF(is_large, 100000, 0)",
}
KINDS = {"is_large": "boolean", "due_on": "date", "size": "text", "share": "number"}
ROLLUPS = {"paid": "SUM({0}.sum)", "payments": "COUNT({0})", "largest": "MAX({0}.sum)"}


def measure_formulas(count: int) -> dict[str, object]:
    """Edits of an order without and with formulas, payments of both, and `count` orders behind one price."""
    with changing_schema(actor_id=None, cause={"kind": "bench"}) as change:
        add_types(change)
    price = create("x_price", {"label": "List", "value": "10"})
    plain, counted = (create(type, {"label": "Order", "price": price}) for type in ("x_plain", "x_counted"))
    payments = {
        type: [create(type, {"of": order, "sum": str(number)}) for number in range(5)]
        for order, type in ((plain, "x_paid_plain"), (counted, "x_paid"))
    }
    own = in_turn(
        lambda n: edit("x_plain", plain, {"amount": str(n)}),
        lambda n: edit("x_counted", counted, {"amount": str(n)}),
    )
    linked = in_turn(
        lambda n: edit("x_paid_plain", payments["x_paid_plain"][n % 5], {"sum": str(n)}),
        lambda n: edit("x_paid", payments["x_paid"][n % 5], {"sum": str(n)}),
    )
    return {
        "formulas_edit": own,
        "formulas_payment": linked,
        "formulas_recount": measure_recount(count, price, counted),
    }


def add_types(change: SchemaChange) -> None:
    """A price list, orders without and with formulas, and the payments of each."""
    add_type(change, "x_price", {"label": "text", "value": "money"})
    own = {"label": "text", "amount": "money", "discount": "money", "pieces": "number", "ordered_on": "date"}
    for type, payment in (("x_plain", "x_paid_plain"), ("x_counted", "x_paid")):
        add_type(change, type, own)
        change.add_field(type, "price", "link", label=Label("Price"), target="x_price")
        add_type(change, payment, {"sum": "money"})
        change.add_field(payment, "of", "link", label=Label("Order"), target=type)
    rollups = {code: text.format("x_paids") for code, text in ROLLUPS.items()}
    for code, text in {**FORMULAS, **rollups, "listed": "price.value * pieces"}.items():
        change.add_field("x_counted", code, KINDS.get(code, "money"), label=Label(code))
        change.change_field("x_counted", code, formula=change.read_formula("x_counted", code, text))


def add_type(change: SchemaChange, code: str, fields: Mapping[str, str]) -> None:
    title = next(iter(fields))
    change.create_type(code, label=Label(code), plural=Label(code), title_template=f"{{{title}}}")
    for name, kind in fields.items():
        change.add_field(code, name, kind, label=Label(name))


def create(type: str, fields: Mapping[str, Any]) -> int:
    [outcome] = write_records(
        [Write(Change.CREATE, type, fields=fields)], actor=system_actor(), cause={"kind": "bench"}
    )
    assert outcome.id is not None
    return outcome.id


def edit(type: str, id: int, fields: Mapping[str, Any]) -> None:
    write_records(
        [Write(Change.EDIT, type, id=id, fields=fields)], actor=system_actor(), cause={"kind": "bench"}
    )


def in_turn(plain: Callable[[int], object], counted: Callable[[int], object]) -> dict[str, object]:
    """Blocks of both in turn; the median of the pairs' ratios."""
    ratios: list[float] = []
    times: list[float] = []
    for pair in range(PAIRS + 1):
        blocks = []
        for write in (plain, counted) if pair % 2 else (counted, plain):
            taken = []
            for number in range(WRITES):
                began = time.perf_counter()
                write(1_000 * pair + number + 1)
                taken.append((time.perf_counter() - began) * 1000)
            blocks.append(taken)
        # The first pair warms both up.
        if pair:
            one, other = blocks if pair % 2 else blocks[::-1]
            ratios.append(median(other) / median(one))
            times += other
    return figure_of(times).as_json() | {"ratio": round(median(ratios), 3), "pairs": len(ratios)}


def measure_recount(count: int, price: int, elsewhere: int) -> dict[str, object]:
    """Change the price behind so many orders; one worker counts them while somebody edits another order."""
    add_orders(count, price)
    edit("x_counted", elsewhere, {"price": None})
    began = time.perf_counter()
    edit("x_price", price, {"value": "11"})
    written = time.perf_counter() - began
    worker = threading.Thread(target=work)
    worker.start()
    edits: list[float] = []
    while worker.is_alive():
        started = time.perf_counter()
        edit("x_counted", elsewhere, {"amount": str(len(edits))})
        edits.append((time.perf_counter() - started) * 1000)
        time.sleep(0.02)
    worker.join()
    seconds = time.perf_counter() - began
    note = f"{count} orders behind one price; edits of another one meanwhile"
    beside = {"seconds": round(seconds, 1), "write_ms": round(written * 1000, 1), "orders": count}
    return figure_of(edits, note=note).as_json() | beside


def add_orders(count: int, price: int) -> None:
    """Orders of the price, generated by the database, without what is counted of them."""
    spec = current_generation().types["x_counted"]
    label, link, pieces = (spec.by_code[code].column for code in ("label", "price", "pieces"))
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO records_record (id, type_id, title)"
            " SELECT nextval('records_id_seq'), %s, 'Order' FROM generate_series(1, %s) RETURNING id)"
            f" INSERT INTO {spec.table} (id, title, {label}, {link}, {pieces})"
            " SELECT id, 'Order', 'Order', %s, 2 FROM made",
            [spec.id, count, price],
        )
        cursor.execute(f"ANALYZE {spec.table}")


def work() -> None:
    """What the worker does."""
    try:
        for id in Recount.objects.values_list("id", flat=True):
            while work_on(id):
                pass
    finally:
        connections.close_all()
