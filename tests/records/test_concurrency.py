"""Several people write at once: nobody's change is lost, nothing unique is stored twice, history verifies."""

from functools import partial

import pytest
from tests.factories.records import add_formula, create, edit, make_garage, write
from tests.records.test_rollups import wrong_values
from tests.together import together

from trassa.access.queries import system_actor
from trassa.journal import Stream, list_entries, verify
from trassa.kernel import Conflict, Invalid, NotFound
from trassa.records.actions.merging import Merging, follow_merge, merge_records
from trassa.records.queries import get_record, list_records
from trassa.records.types import Change, ListQuery, Write
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _committed_garage(transactional_db: None) -> None:
    make_garage()


def test_of_many_edits_against_one_version_exactly_one_succeeds():
    car = create("car", fields={"make": "BMW"})
    results = together(*(lambda n=n: edit("car", car, version=1, price=str(n)) for n in range(6)))
    assert results.count(2) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5


def test_edits_without_a_version_all_happen_one_after_another():
    car = create("car", fields={"make": "BMW"})
    results = together(
        *(lambda n=n: [edit("car", car, price=str(100 + n * 10 + i)) for i in range(5)] for n in range(4))
    )
    assert sorted(version for versions in results for version in versions) == list(range(2, 22))
    assert [entry.seq for entry in list_entries(Stream("record", car))] == list(range(21, 0, -1))


def test_a_unique_value_wanted_by_many_goes_to_one():
    fields = {"make": "BMW", "vin": "WBAJU81020CB12345"}
    results = together(*(lambda: create("car", fields=fields) for _ in range(6)))
    assert sum(isinstance(result, int) for result in results) == 1
    refused = [result for result in results if isinstance(result, Invalid)]
    assert [error.code for refusal in refused for error in refusal.errors] == ["not_unique"] * 5


def test_batches_over_the_same_records_in_any_order_do_not_block_each_other():
    cars = [create("car", fields={"make": "BMW"}) for _ in range(20)]

    def batch(ids: list[int], price: int) -> None:
        write(*(Write(Change.EDIT, "car", id=id, fields={"price": str(price)}) for id in ids))

    def again(ids: list[int], first: int) -> None:
        for round in range(5):
            batch(ids, first + round)

    results = together(lambda: again(cars, 100), lambda: again(cars[::-1], 200), lambda: again(cars, 300))
    assert results == [None, None, None]
    spec = current_generation().types["car"]
    assert {get_record(system_actor(), spec, id).version for id in cars} == {16}
    assert verify().problems == []


def test_new_records_have_numbers_of_their_own():
    together(*(lambda: [create("deal") for _ in range(5)] for _ in range(4)))
    page = list_records(system_actor(), current_generation().types["deal"], ListQuery())
    assert len({record.number for record in page.items}) == 20


def merge(into: int, source: int, versions: dict[int, int] | None = None) -> int:
    merging = Merging("car", into, source, versions or {})
    return merge_records(merging, actor=system_actor(), cause={"kind": "test"})[0].id


def test_two_merges_of_one_pair_at_once_make_one():
    for _round in range(3):
        first, second = (create("car", fields={"make": "BMW", "price": str(n)}) for n in (1, 2))
        results = together(partial(merge, first, second), partial(merge, second, first))
        assert sum(isinstance(result, int) for result in results) == 1
        assert [result.code for result in results if isinstance(result, Conflict)] == ["merged"]
        alive = list_records(system_actor(), current_generation().types["car"], ListQuery()).items
        assert len({first, second} & {each.id for each in alive}) == 1
    assert verify().problems == []


def test_a_write_on_a_record_while_it_is_merged_away_is_kept_or_refused():
    for _round in range(5):
        first, second = (create("car", fields={"make": "BMW"}) for _ in range(2))
        merged, edited = together(
            partial(merge, first, second, {first: 1, second: 1}), partial(edit, "car", second, price="7")
        )
        if isinstance(merged, Conflict):
            assert edited == 2
        else:
            assert isinstance(edited, NotFound)


def test_a_link_that_is_made_while_its_record_is_merged_away_follows_it():
    for _round in range(5):
        first, second = (create("car", fields={"make": "BMW"}) for _ in range(2))
        merged, deal = together(
            partial(merge, first, second), partial(create, "deal", fields={"car": second})
        )
        assert isinstance(merged, int)
        follow_merge(merged)
        if isinstance(deal, int):
            record = get_record(system_actor(), current_generation().types["deal"], deal)
            assert record.values["car"] == first
        else:
            assert isinstance(deal, Invalid)
    assert verify().problems == []


def test_formulas_over_links_are_right_whoever_writes_last() -> None:
    add_formula("deal", "margin", "amount - car.price")
    add_formula("contact", "total", "SUM(deals.margin)")
    add_formula("contact", "prices", "SUM(deals.car.price)")
    client, car = create("contact", fields={"name": "Орлов"}), create("car", fields={"make": "BMW"})
    deals = [create("deal", fields={"client": client, "car": car}) for _ in range(3)]

    def sell(amount: int) -> None:
        for round in range(4):
            create("deal", fields={"client": client, "car": car, "amount": str(amount + round)})

    def price(first: int) -> None:
        for round in range(6):
            edit("car", car, price=str(first + round))

    def amend(first: int) -> None:
        for round in range(4):
            edit("deal", deals[round % 3], amount=str(first + round))

    results = together(
        *(lambda n=n: sell(n) for n in (100, 200)),
        *(lambda n=n: price(n) for n in (10, 50)),
        *(lambda n=n: amend(n) for n in (1000, 2000)),
    )
    assert [each for each in results if each is not None and not isinstance(each, Conflict)] == []
    assert wrong_values() == []
