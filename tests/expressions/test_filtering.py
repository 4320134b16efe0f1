"""Conditions of lists are written so that indexes and statistics of PostgreSQL serve them."""

import pytest
from tests.expressions.ground import DEAL, GROUND, tree

from trassa.expressions import condition_in_sql


def asked(text: str) -> tuple[str, tuple[object, ...]]:
    """The SQL of a condition and its parameters."""
    made = condition_in_sql(tree(text), GROUND, DEAL)
    return made.text, made.parameters


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("price >= 5000000", "x_deal.f_1 >= %s::numeric"),
        ("price < 10", "(x_deal.f_1 < %s::numeric or x_deal.f_1 is null)"),
        ("5 < price", "x_deal.f_1 > %s::numeric"),
        ("done = FALSE", "(x_deal.f_6 = %s::boolean or x_deal.f_6 is null)"),
        ("sold < TODAY() - 30", "x_deal.f_5 < %s::date"),
        ("seen_at > 2025-06-15", "x_deal.f_10 >= %s"),
        ('note = "абв"', "(x_deal.f_4 ilike %s)"),
        ('note <> "абв"', "((x_deal.f_4 ilike %s) is not true)"),
    ],
)
def test_a_field_beside_a_constant_is_a_condition_on_the_bare_column(text: str, sql: str) -> None:
    assert asked(text)[0] == sql


def test_a_text_is_looked_for_letter_by_letter() -> None:
    assert asked('CONTAINS(note; "5 % _")')[1] == (r"%5 \% \_%",)
    assert asked('STARTSWITH(note; "A")')[1] == ("A%",)


def test_what_stands_behind_one_link_is_asked_of_the_linked_table() -> None:
    reach = "e1.id = x_deal.f_8 and e1.deleted_at is null"
    assert asked('client.name = "а"')[0] == (
        f"exists (select from x_client e1 where {reach} and ((e1.f_21 ilike %s)))"
    )
    together, _parameters = asked('client.limit > 1 AND client.name = "а"')
    assert together.count("select") == 1


def test_a_condition_that_holds_for_nothing_asks_that_no_linked_record_fails_it() -> None:
    assert asked("client.limit < 1")[0].startswith("not exists (")


def test_a_longer_path_is_a_chain_of_tables() -> None:
    text, _parameters = asked("client.parent.limit > 1")
    assert text.count("exists (select from x_client") == 2
    assert "e2.f_22 > %s::numeric" in text
