"""Cursors survive the way to the client and back, and nothing else does."""

import base64
import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trassa.api import Cursor
from trassa.kernel import Invalid

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(exclude_characters="\0"), max_size=50)
)


@given(values=st.lists(VALUES, max_size=3), id=st.integers(1, 2**63 - 1))
def test_a_cursor_comes_back_as_it_went(values: list[str | int | bool | None], id: int) -> None:
    cursor = Cursor("-price", id, tuple(values))
    assert Cursor.decode(cursor.encode(), order="-price", values=len(values)) == cursor


def test_decimals_travel_as_text() -> None:
    text = Cursor("price", 7, (Decimal("10.50"),)).encode()
    assert Cursor.decode(text, order="price", values=1).values == ("10.50",)


def forged(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%%%",
        "я",
        "a" * 3_000,
        forged([]),
        forged({}),
        forged(["-id", 0]),
        forged(["-id", 2**63]),
        forged(["-id", True]),
        forged(["-id", "7"]),
        forged(["id", 7]),
        forged(["-id", 1, 7]),
        forged(["-id", ["x"]]),
        base64.urlsafe_b64encode(b"[" * 1_400).decode(),
    ],
)
def test_a_foreign_or_broken_cursor_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Cursor.decode(text, order="-id")
    assert refusal.value.errors[0].field == "cursor"


@given(st.text(max_size=60))
def test_no_text_breaks_the_decoder(text: str) -> None:
    with suppress(Invalid):
        Cursor.decode(text, order="-id")
