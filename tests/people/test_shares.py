"""Dividing work by shares."""

from trassa.people.types import share_out


def test_sharing_out_keeps_shares_at_every_point_of_the_row() -> None:
    assert list(share_out(range(6), {7: 2, 8: 1}).values()) == [7, 7, 8, 7, 7, 8]
    assert share_out([], {7: 1}) == {}
