"""What Python computes for a record is what SQL computes for its row, whatever expression and data."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.expressions.ground import DEAL, GROUND, MEMBERS, tree

from trassa.expressions import ErrorValue, Kind, NotInSql, compute, condition_in_sql, read, value_in_sql
from trassa.kernel import today

TABLES = """
    CREATE TEMP TABLE x_deal (id bigint, f_1 numeric, f_2 numeric, f_3 numeric, f_4 text, f_5 date,
        f_6 boolean, f_7 bigint, f_8 bigint, f_9 bigint[], f_10 timestamptz,
        owner_id bigint, stage_id bigint, deleted_at timestamptz);
    CREATE TEMP TABLE x_client (id bigint, f_21 text, f_22 numeric, f_23 bigint, deleted_at timestamptz);
    CREATE TEMP TABLE x_chief (from_id bigint, to_id bigint, period daterange);
    CREATE TEMP TABLE x_payment (id bigint, f_31 numeric, f_32 bigint, f_33 bigint, f_34 date,
        deleted_at timestamptz);
"""


@pytest.fixture(autouse=True)
def tables(db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        yield
        cursor.execute("DROP TABLE x_deal, x_client, x_payment, x_chief")


# Data

numbers = st.none() | st.sampled_from(
    [Decimal(text) for text in ["0", "1", "-1", "2.5", "10", "100.37", "-7", "0.0001", "1e12"]]
)
texts = st.none() | st.sampled_from(
    ["", "а", "Абв где", "ABC", "12", "1_", "5 %", r"a\bc", "аб" * 110, "в" * 99_990]
)
days = st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31))
moments = st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1)).map(
    lambda m: m.replace(tzinfo=UTC)
)
flags = st.none() | st.booleans()
states = st.none() | st.sampled_from([11, 12])
deals = st.fixed_dictionaries(
    {
        "f_1": numbers,
        "f_2": numbers,
        "f_3": st.none() | st.sampled_from([Decimal(4), Decimal("14.3")]),
        "f_4": texts,
        "f_5": days,
        "f_6": flags,
        "f_7": states,
        "f_9": st.none() | st.lists(states.filter(bool)),
        "f_10": moments,
        "owner_id": st.sampled_from([None, 7, 8]),
        "stage_id": st.sampled_from([None, 21, 22, 23]),
    }
)
holdings = st.none() | st.fixed_dictionaries({"f_21": texts, "f_22": numbers})
clients = st.none() | st.fixed_dictionaries(
    {
        "f_21": texts,
        "f_22": numbers,
        "parent": holdings,
        "in_bin": st.booleans(),
        #: Who was the chief until yesterday, and is since.
        "chiefs": st.tuples(st.booleans(), st.booleans()),
    }
)
payments = st.lists(st.fixed_dictionaries({"f_31": numbers, "f_32": states, "f_34": days}), max_size=3)


# Expressions, as English texts

number_leaves = st.sampled_from(
    [
        "price",
        "rent",
        "rate",
        "client.limit",
        "client_limit",
        "client.chief.limit",
        "1",
        "2.5",
        "0",
        "30%",
        "SUM(payments.amount)",
        "COUNT(payments)",
        'SUM(payments.amount; payments.status = "paid")',
        "MAX(payments.amount)",
        "AVERAGE(payments.amount)",
        "COUNT(payments; payments.amount > rent)",
        "SUM(1 / payments.amount)",
    ]
)
text_leaves = st.sampled_from(["note", "client.name", '"абв"', '""'])
day_leaves = st.sampled_from(["sold", "2025-06-15", "DAYOF(seen_at)", "MAX(payments.day)", "TODAY()"])
condition_leaves = st.sampled_from(
    [
        "done",
        "TRUE",
        'state = "paid"',
        'state <> "waiting"',
        "ISBLANK(price)",
        "ISBLANK(note)",
        'tags = "paid"',
        'stage = "Новая"',
        'stage <> "Новая"',
        'stage = "new"',
        "owner = ME()",
        'state = ""',
        "seen_at >= 2025-06-15",
        "sold < 2025-06-15",
        "price >= 0",
        "price < 10",
        "rate > 5%",
        "done = FALSE",
        'ONEOF(state; "paid"; "waiting")',
        "seen_at = 2025-03-03",
        "client.limit > 2",
        "client.limit < 2",
        "1 / client.limit < 2",
        'client.name = "абв где"',
        'client.name <> "abc"',
        "ISBLANK(client.name)",
        "NOT(ISBLANK(client.limit))",
        'CONTAINS(client.name; "б") OR client.limit = 10',
        "client.parent.limit >= 0",
        "client.parent.limit > client.limit",
        "ISBLANK(client.parent)",
        "client.limit > price",
        "client_limit >= 2",
        "client.chief.limit > 1",
        'client.chief.name <> "abc"',
        "ISBLANK(client.chief)",
        "client.chief = client.parent",
        "ANY(payments)",
        'ANY(payments; payments.status = "paid")',
        "ANY(payments; payments.amount > rent)",
        "ANY(1 / payments.amount > 0.5)",
        "ALL(payments; payments.amount >= 0)",
        "ALL(payments; payments.day > 2025-06-15)",
        "ALL(payments; 1 / payments.amount > 0.5)",
        'note = "aBC"',
        'note <> "абв где"',
        'CONTAINS(note; "б")',
        'CONTAINS(note; "")',
        'STARTSWITH(note; "АБ")',
        'CONTAINS(note; "%")',
        'note = "1_"',
        r'note = "a\bc"',
    ]
)


def texts_of_numbers(depth: int) -> st.SearchStrategy[str]:
    if depth == 0:
        return number_leaves
    n, t, d, c = (make(depth - 1) for make in (texts_of_numbers, texts_of_texts, texts_of_days, conditions))
    return st.one_of(
        number_leaves,
        st.builds("({} {} {})".format, n, st.sampled_from("+-*/"), n),
        st.builds("({})^{}".format, n, st.sampled_from(["0", "2", "3", "-1"])),
        st.builds("-({})".format, n),
        st.builds("ROUND({}; {})".format, n, st.sampled_from(["-1", "0", "2"])),
        st.builds("{}({})".format, st.sampled_from(["ABS", "INT"]), n),
        st.builds("MOD({}; {})".format, n, st.sampled_from(["3", "-7"])),
        st.builds("{}({}; {}; {})".format, st.sampled_from(["MIN", "MAX", "SUM", "AVERAGE"]), n, n, n),
        st.builds("IF({}; {}; {})".format, c, n, n),
        st.builds("IFERROR({}; {})".format, n, n),
        st.builds("IFS({}; {}; {}; {})".format, c, n, c, n),
        st.builds("IFS({}; {}; {}; {}; {})".format, c, n, c, n, n),
        st.builds('SWITCH(state; "paid"; {}; "waiting"; {}; {})'.format, n, n, n),
        st.builds("SWITCH({}; {}; {})".format, t, t, n),
        st.builds("LEN({})".format, t),
        st.builds("{}({})".format, st.sampled_from(["YEAR", "MONTH", "DAY", "WEEKDAY"]), d),
        st.builds("({} - {})".format, d, d),
    )


def texts_of_texts(depth: int) -> st.SearchStrategy[str]:
    if depth == 0:
        return text_leaves
    n, t, c = (make(depth - 1) for make in (texts_of_numbers, texts_of_texts, conditions))
    return st.one_of(
        text_leaves,
        st.builds("({} & {})".format, t, st.one_of(t, n)),
        st.builds("{}({})".format, st.sampled_from(["UPPER", "LOWER", "TRIM"]), t),
        st.builds("{}({}; 2)".format, st.sampled_from(["LEFT", "RIGHT"]), t),
        st.builds("IF({}; {}; {})".format, c, t, t),
        st.builds("IFS({}; {}; {}; {})".format, c, t, c, t),
        st.builds("CONCAT({}; {}; {})".format, t, n, t),
    )


def texts_of_days(depth: int) -> st.SearchStrategy[str]:
    if depth == 0:
        return day_leaves
    n, d, c = (make(depth - 1) for make in (texts_of_numbers, texts_of_days, conditions))
    return st.one_of(
        day_leaves,
        st.builds("({} {} {})".format, d, st.sampled_from("+-"), n),
        st.builds(
            "{}({}; {})".format, st.sampled_from(["EDATE", "EOMONTH"]), d, st.sampled_from(["1", "-13"])
        ),
        st.builds("IF({}; {}; {})".format, c, d, d),
        st.builds("IFS({}; {}; {}; {})".format, c, d, c, d),
        st.builds("SWITCH({}; {}; {})".format, d, d, d),
        st.builds("DATE({}; {}; {})".format, st.sampled_from(["2026", "9999", "rent"]), n, n),
        st.builds("({} {} {})".format, d, st.sampled_from("+-"), st.sampled_from(["900000", "400000"])),
    )


def conditions(depth: int) -> st.SearchStrategy[str]:
    if depth == 0:
        return condition_leaves
    n, t, d, c = (make(depth - 1) for make in (texts_of_numbers, texts_of_texts, texts_of_days, conditions))
    signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    return st.one_of(
        condition_leaves,
        st.builds("({} {} {})".format, n, signs, n),
        st.builds("({} {} {})".format, t, signs, t),
        st.builds("({} {} {})".format, d, signs, d),
        st.builds("({} {} {})".format, c, st.sampled_from(["AND", "OR"]), c),
        st.builds("NOT({})".format, c),
        st.builds("IF({}; {}; {})".format, c, c, c),
        st.builds("CONTAINS({}; {})".format, t, t),
    )


def insert(table: str, row: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def lay(deal: dict[str, Any], client: dict[str, Any] | None, paid: list[dict[str, Any]]) -> dict[Any, Any]:
    """Put one deal into the tables; gives its values for Python."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE x_deal, x_client, x_payment, x_chief")
    insert("x_deal", {"id": 1, **deal, "f_8": 5 if client else None})
    values: dict[Any, Any] = {(key,): value for key, value in deal.items()}
    if client:
        values |= lay_client(client)
    for number, payment in enumerate(paid):
        insert("x_payment", {"id": 10 + number, **payment, "f_33": 1})
    insert("x_payment", {"id": 99, "f_31": 1_000_000, "f_33": 1, "deleted_at": datetime.now(UTC)})
    values["b_32",] = [{(key,): value for key, value in payment.items()} for payment in paid]
    return values


def lay_client(client: dict[str, Any]) -> dict[Any, Any]:
    """Put the deal's client into the tables; gives the values behind the link, none when it is in the bin."""
    own = {key: client[key] for key in ("f_21", "f_22")}
    gone = datetime.now(UTC) if client["in_bin"] else None
    insert("x_client", {"id": 5, **own, "f_23": 6 if client["parent"] else None, "deleted_at": gone})
    if client["parent"]:
        insert("x_client", {"id": 6, **client["parent"]})
    before, since = client["chiefs"]
    if before:
        insert("x_chief", {"from_id": 5, "to_id": 5, "period": f"(,{today()})"})
    if since:
        insert("x_chief", {"from_id": 5, "to_id": 6, "period": f"[{today()},)"})
    if gone:
        return {}
    values = {("f_8", key): value for key, value in own.items()}
    values |= {("f_8", "f_23", key): value for key, value in (client["parent"] or {}).items()}
    if since:
        values |= {("f_8", "f_24", key): value for key, value in (client["parent"] or {}).items()}
    return values | {("f_8", "f_23"): 6 if client["parent"] else None, ("f_8", "f_24"): 6 if since else None}


def from_sql(text: str, parameters: tuple[Any, ...]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {text} FROM x_deal", parameters)
        return cursor.fetchone()[0]


run = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def same(python: Any, sql: Any) -> bool:
    return sql is None if python is None or isinstance(python, ErrorValue) else python == sql


@run
@given(st.one_of(texts_of_numbers(3), texts_of_texts(3), texts_of_days(3)), deals, clients, payments)
def test_values_agree(text: str, deal: Any, client: Any, paid: Any) -> None:
    node = tree(text)
    values = lay(deal, client, paid)
    try:
        made = value_in_sql(node, GROUND, DEAL)
    except NotInSql:
        return
    python, sql = compute(node, values, reader_id=7), from_sql(made.text, made.parameters)
    assert same(python, sql), (text, python, sql)


@run
@given(conditions(3), deals, clients, payments)
def test_a_filter_finds_exactly_the_records_that_fulfil_the_condition(
    text: str, deal: Any, client: Any, paid: Any
) -> None:
    node = read(text, GROUND, DEAL, expected=(Kind.BOOLEAN,))
    values = lay(deal, client, paid)
    try:
        made = condition_in_sql(node, GROUND, DEAL)
    except NotInSql:
        return
    python, sql = compute(node, values, reader_id=7) is True, from_sql(made.text, made.parameters) is True
    assert python == sql, (text, python, sql)


def test_every_kind_of_member_stands_on_the_ground() -> None:
    assert {member.kind for members in MEMBERS.values() for member in members} >= set(Kind) - {
        Kind.DEPARTMENT
    }
