"""What nobody honest writes is refused clearly, quickly and before anything expensive runs."""

import time
from decimal import Decimal

import pytest
from tests.expressions.ground import DEAL, GROUND, tree, value

from trassa.expressions import ErrorValue, ExpressionRefused, NotInSql, Printer, condition_in_sql, explain

DEEP = 5_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("__class__", "unknown_field"),
        ("price.__class__.__mro__", "no_link"),
        ("[__import__('os')]", "unknown_field"),
        ("__import__(\"os\")", "unknown_function"),
        ("eval(\"1\")", "unknown_function"),
        ("price.real", "no_link"),
        ("client.__dict__", "unknown_field"),
        ("lambda: 1", "unexpected"),
        ("[x for x in price]", "unknown_field"),
        ("price; DROP TABLE x_deal", "unexpected"),
        ("note = 'x' OR 1=1 --", "unexpected"),
        ("10^999999999", "constant_needed"),
        ("9" * 400, "too_large"),
        ("ROUND(price; 999999)", "constant_needed"),
        ("LEFT(note; 1e9)", None),
        ("price + " * 3, "unfinished"),
        ("а" * 200_000, "too_long"),
        ("1+" * 100_000 + "1", "too_long"),
        ("+".join(["1"] * 2_000), "too_large"),
        ("client." * 600 + "name", "too_long"),
        ("price = ｐｒｉｃｅ", "unknown_field"),
        ("рrice", "unknown_field"),
        ("pri\u200bce", "unexpected"),
        ("price \u202e> 1", "unexpected"),
        ("price\x00", "unexpected"),
        ("💥", "unexpected"),
        ("«не закрыто", "not_closed"),
        ("", "empty"),
        (" \u00a0\n", "empty"),
    ],
)  # fmt: skip
def test_a_hostile_text_is_refused(text: str, code: str | None) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionRefused) as refusal:
        tree(text)
    assert time.perf_counter() - started < 2
    fault = refusal.value.faults[0]
    assert str(fault.message)
    assert 0 <= fault.start <= fault.end <= len(text)
    if code:
        assert fault.code == code


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "1" + ")" * DEEP,
        "(" * 2_400 + "1" + ")" * 2_400,
        "-" * 4_000 + "1",
        "+" * 4_000 + "1",
        "1" + "%" * 4_000,
        "ABS(" * 1_000 + "1" + ")" * 1_000,
        "2" + "^2" * 2_000,
        "TRUE" + " AND TRUE" * 500,
        "NOT(" * 1_000 + "TRUE" + ")" * 1_000,
        "[" * 2_000,
        '"' * 4_999,
    ],
    ids=lambda text: f"{text[:6]}…",
)
def test_deep_nesting_never_exhausts_the_stack(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        tree(text)


def test_a_huge_value_is_an_error_and_not_a_long_computation() -> None:
    started = time.perf_counter()
    power = "price^100"
    assert isinstance(value(power, price=Decimal("1e20")), ErrorValue)
    assert isinstance(value("10^100^100"), ErrorValue)
    assert isinstance(value(f"({power}) * ({power})", price=Decimal(1000)), ErrorValue)
    assert time.perf_counter() - started < 1


def test_a_condition_cannot_become_an_endless_statement() -> None:
    condition = " OR ".join(["SUM(payments.amount; payments.amount > price) > 1"] * 60)
    try:
        made = condition_in_sql(tree(condition), GROUND, DEAL)
    except (ExpressionRefused, NotInSql):
        return
    assert len(made.text) <= 60_000


@pytest.mark.parametrize(
    "text",
    [
        "YEAR(EDATE(sold; " * 14 + "1" + "))" * 14 + " > 1",
        "MIN(1; YEAR(EDATE(sold; " * 9 + "1" + ")))" * 9 + " > 1",
    ],
)
def test_pieces_of_sql_that_double_are_noticed_before_they_are_large(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(NotInSql):
        condition_in_sql(tree(text), GROUND, DEAL)
    assert time.perf_counter() - started < 1


def test_no_text_grows_without_end() -> None:
    note = "а" * 60_000
    assert len(value("note & note", note="а" * 50_000)) == 100_000
    for text in ("note & note", "CONCAT(note; note)", "CONCAT(note; 1) & note", 'note & (note & "")'):
        assert str(value(text, note=note)) == "#ЗНАЧ!"


def test_nobody_looks_for_a_long_text_in_a_long_one() -> None:
    assert value("CONTAINS(note; note)", note="а" * 200) is True
    assert str(value("CONTAINS(note; note)", note="а" * 201)) == "#ЗНАЧ!"
    made = condition_in_sql(tree(f'CONTAINS(note; "{"а" * 201}")'), GROUND, DEAL)
    assert "ilike" not in made.text


def test_too_many_linked_records_are_an_error_and_not_half_a_sum() -> None:
    payment = {"amount": Decimal(1)}
    assert value("SUM(payments.amount)", payments=[payment] * 10_000) == 10_000
    for text in ("SUM(payments.amount)", "COUNT(payments)", "ANY(payments)"):
        assert str(value(text, payments=[payment] * 10_001)) == "#ЧИСЛО!"
    assert value("MAX(payments.day)", payments=[payment] * 10_001) is None


def test_an_explanation_ends() -> None:
    conditions = "; ".join(f"payments.amount > {number}; {number}" for number in range(100))
    node = tree(f"SUM(IFS({conditions}; 0))")
    payments = [{("f_31",): Decimal(number)} for number in range(50)]
    steps = [explain(node, {("b_32",): payments}, Printer(GROUND, DEAL))]
    count = 0
    while steps:
        count, steps = count + len(steps), [part for step in steps for part in step.parts]
    assert count == 1_000


def test_what_stands_in_quotation_marks_is_only_a_parameter() -> None:
    made = condition_in_sql(tree('note = "x\'; DROP TABLE x_deal; --"'), GROUND, DEAL)
    assert "DROP" not in made.text
    assert r"x'; DROP TABLE x\_deal; --" in made.parameters
