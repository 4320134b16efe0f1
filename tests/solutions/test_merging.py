"""What the last apply wrote, what is installed and what the pack wants come together without loss."""

from typing import Any

from trassa.solutions.merging import ABSENT, UNKNOWN, Decision, Merge, Side, undecided


def merged(
    base: Any, installed: Any, wanted: Any, take: Side | None = None, **given: Any
) -> tuple[Any, Merge]:
    decide = (lambda _place: Decision(take, spoken=False)) if take else undecided
    merge = Merge(decide, **given)
    return merge.merge(base, installed, wanted), merge


def test_equal_values_need_nothing() -> None:
    value, merge = merged({"a": 1}, {"a": 2}, {"a": 2})
    assert (value, merge.changes, merge.conflicts) == ({"a": 2}, [], [])


def test_a_change_of_the_pack_comes_in() -> None:
    value, merge = merged({"a": 1}, {"a": 1}, {"a": 2})
    assert value == {"a": 2}
    assert [(change.place, change.before, change.after) for change in merge.changes] == [(("a",), 1, 2)]


def test_a_local_change_stays() -> None:
    value, merge = merged({"a": 1}, {"a": 5}, {"a": 1})
    assert value == {"a": 5}
    assert not merge.changes
    assert len(merge.kept) == 1


def test_what_both_changed_is_a_conflict_until_a_side_is_taken() -> None:
    value, merge = merged({"a": 1}, {"a": 5}, {"a": 2})
    assert value == {"a": 5}
    assert len(merge.conflicts) == 1
    assert merged({"a": 1}, {"a": 5}, {"a": 2}, take="pack")[0] == {"a": 2}
    assert merged({"a": 1}, {"a": 5}, {"a": 2}, take="local")[0] == {"a": 5}


def test_without_a_last_apply_the_pack_wins() -> None:
    assert merged(UNKNOWN, {"a": 5}, {"a": 2})[0] == {"a": 2}


def test_things_with_codes_are_merged_one_by_one() -> None:
    base = [{"code": "x", "n": 1}, {"code": "y", "n": 1}]
    here = [{"code": "x", "n": 7}, {"code": "y", "n": 1}, {"code": "x_own", "n": 1}]
    there = [{"code": "y", "n": 2}, {"code": "x", "n": 1}, {"code": "z", "n": 3}]
    value, merge = merged(base, here, there)
    assert {item["code"]: item["n"] for item in value} == {"x": 7, "y": 2, "z": 3, "x_own": 1}
    assert [item["code"] for item in value].index("x_own") == [item["code"] for item in value].index("y") + 1
    assert not merge.conflicts


def test_what_was_removed_here_is_not_brought_back() -> None:
    value, merge = merged([{"code": "x"}, {"code": "y"}], [{"code": "y"}], [{"code": "x"}, {"code": "y"}])
    assert value == [{"code": "y"}]
    assert [kept.before for kept in merge.kept] == [ABSENT]


def test_what_the_pack_no_longer_names_stays_and_is_noted() -> None:
    value, merge = merged([{"code": "x"}, {"code": "y"}], [{"code": "x"}, {"code": "y"}], [{"code": "y"}])
    assert [item["code"] for item in value] == ["x", "y"]
    assert [dropped.place for dropped in merge.dropped] == [("x",)]


def test_a_setting_that_the_pack_gives_up_goes_away() -> None:
    assert merged({"s": {"unit": "km"}}, {"s": {"unit": "km"}}, {"s": {}})[0] == {"s": {}}


def test_a_setting_added_here_stays() -> None:
    assert merged({"s": {}}, {"s": {"unit": "km"}}, {"s": {}})[0] == {"s": {"unit": "km"}}


def test_an_order_changed_here_stays_and_one_changed_by_the_pack_comes_in() -> None:
    a, b, c = {"code": "a"}, {"code": "b"}, {"code": "c"}
    assert merged([a, b, c], [c, b, a], [a, b, c])[0] == [c, b, a]
    assert merged([a, b, c], [a, b, c], [c, a, b])[0] == [c, a, b]
