"""Ids in addresses and forms: people and programs send anything."""

import pytest

from trassa.ui import read_id, read_ids


@pytest.mark.parametrize(("text", "id"), [("17", 17), ("0", 0), ("9" * 18, 10**18 - 1)])
def test_digits_are_an_id(text: str, id: int) -> None:
    assert read_id(text) == id


@pytest.mark.parametrize("text", ["", "-1", "1.5", " 7", "²", "٣", "x", "9" * 19])
def test_everything_else_is_none(text: str) -> None:
    assert read_id(text) is None


def test_ids_keep_their_order() -> None:
    assert read_ids(["5", "", "²", "3"]) == [5, 3]
