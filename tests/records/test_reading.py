"""Lists, boards and search show what a person may see, in order, page by page."""

from decimal import Decimal
from importlib import import_module

import pytest
from tests.factories.people import make_department, make_person
from tests.factories.records import allow, allow_field, create, edit, make_actor, move, write

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Scope, Verb
from trassa.kernel import Invalid
from trassa.records.queries import (
    board_cards,
    board_sums,
    count_records,
    list_history,
    list_records,
    read_where,
    search,
    sum_records,
)
from trassa.records.queries.boards import stage_cards
from trassa.records.types import Change, Filter, ListQuery, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation, pin_generation

pytestmark = pytest.mark.usefixtures("garage")

#: The module; the package has a function of this name.
SEARCH = import_module("trassa.records.queries.search")
RENEWING = import_module("trassa.records.actions.renewing")


def spec(type: str):
    return current_generation().types[type]


def listed(type: str, actor: Actor | None = None, **query) -> list[int]:
    """Ids of all pages of a list."""
    actor, ids, after = actor or system_actor(), [], None
    while True:
        page = list_records(actor, spec(type), ListQuery(after=after, **query))
        ids += [record.id for record in page.items]
        after = page.next
        if after is None:
            return ids


def make_cars(*prices: str | None) -> list[int]:
    return [create("car", fields={"make": "BMW", "price": price}) for price in prices]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_continue_without_gaps_and_empty_values_come_last_both_ways(limit: int):
    a, b, c, d, e = make_cars("300", None, "100", None, "300")
    assert listed("car", order="price", limit=limit) == [c, a, e, b, d]
    assert listed("car", order="-price", limit=limit) == [e, a, c, d, b]
    assert listed("car", limit=limit) == [e, d, c, b, a]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_list_merges_all_ways_in_which_a_person_reaches_records(limit: int):
    department, other = make_department(), make_department()
    colleague, stranger = make_person(department=department), make_person(department=other)
    actor = make_actor(
        *allow("deal", Verb.SEE, scope=Scope.OWN),
        *allow("deal", Verb.SEE, scope=Scope.DEPARTMENT),
        department=department,
    )
    mine = create("deal", owner=actor.id, fields={"amount": "5"})
    theirs = create("deal", owner=colleague.id, fields={"amount": "7"})
    create("deal", owner=stranger.id, fields={"amount": "9"})
    shared = create("deal", owner=stranger.id, fields={"amount": "1", "appraiser": actor.id})
    assert listed("deal", actor, limit=limit) == [shared, theirs, mine]
    assert listed("deal", actor, order="-amount", limit=limit) == [theirs, mine, shared]
    assert count_records(actor, spec("deal"), ListQuery()) == 3
    assert sum_records(actor, spec("deal"), ListQuery(), "amount") == Decimal(13)


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_condition_goes_through_all_departments_of_a_branch_in_order(limit: int, django_assert_num_queries):
    top = make_department()
    branches = [make_department(parent=top) for _ in range(3)]
    sellers = [make_person(department=branch) for branch in branches]
    actor = make_actor(*allow("deal", Verb.SEE, scope=Scope.BRANCH), department=top)
    deals = [create("deal", owner=sellers[n % 3].id, fields={"amount": str(n)}) for n in range(7)]
    stranger = make_person(department=make_department())
    create("deal", owner=stranger.id, fields={"amount": "9"})
    where = read_where(actor, spec("deal"), "amount > 2")
    assert listed("deal", actor, where=where, limit=limit) == deals[:2:-1]
    narrowed = [Filter("amount", "gt", "2")]
    assert listed("deal", actor, filters=narrowed, order="amount", limit=limit) == deals[3:]
    with pin_generation():
        deal = spec("deal")
        with django_assert_num_queries(1):
            list_records(actor, deal, ListQuery(filters=narrowed), fields=["amount"])


def test_lists_filter_by_fields_places_and_words():
    cheap, dear = make_cars("100", "900")
    assert listed("car", filters=[Filter("price", "gte", "500")]) == [dear]
    assert listed("car", filters=[Filter("price", "lt", "500")]) == [cheap]
    deal = create("deal", fields={"car": cheap})
    other = create("deal", pipeline="buyout")
    assert listed("deal", filters=[Filter("pipeline", "eq", "buyout")]) == [other]
    assert listed("deal", filters=[Filter("stage", "in", "new,showing")]) == [deal]
    assert listed("deal", text="bmw") == [deal]
    assert listed("deal", filters=[Filter("car", "eq", cheap)]) == [deal]


def test_a_masked_field_cannot_be_filtered_sorted_or_summed():
    seller = make_actor(*allow("car"))
    [car] = make_cars("1")
    edit("car", car, floor_price="50")
    for query in (ListQuery(filters=[Filter("floor_price", "gte", "1")]), ListQuery(order="floor_price")):
        with pytest.raises(Invalid):
            list_records(seller, spec("car"), query)
    assert sum_records(seller, spec("car"), ListQuery(), "floor_price") is None
    [record] = list_records(seller, spec("car"), ListQuery()).items
    assert "floor_price" not in record.values


def test_a_board_shows_each_stage_newest_first_and_continues():
    sales = spec("deal").pipelines[0]
    deals = [create("deal", fields={"amount": "10"}) for _ in range(5)]
    lost = create("deal")
    move("deal", lost, "lost", reason="price")
    stages = {stage.code: stage.id for stage in sales.stages}
    pages = board_cards(system_actor(), spec("deal"), sales, ListQuery(), per_stage=3)
    first = pages[stages["new"]]
    assert [record.id for record in first.items] == deals[:1:-1]
    rest = stage_cards(
        system_actor(), spec("deal"), sales, stages["new"], ListQuery(limit=3, after=first.next)
    )
    assert [record.id for record in rest.items] == deals[1::-1]
    assert [record.id for record in pages[stages["lost"]].items] == [lost]
    sums = board_sums(system_actor(), spec("deal"), sales, ListQuery())
    assert (sums[stages["new"]].count, sums[stages["new"]].total) == (5, Decimal(50))
    assert sums[stages["won"]].count == 0


def test_a_board_of_a_seller_holds_own_and_shared_deals_once():
    seller = make_actor(*allow("deal", scope=Scope.OWN))
    own = create("deal", actor=seller, fields={"amount": "10", "appraiser": seller.id})
    shared = create("deal", fields={"amount": "5", "appraiser": seller.id})
    create("deal", fields={"amount": "100"})
    sales = spec("deal").pipelines[0]
    pages = board_cards(seller, spec("deal"), sales, ListQuery())
    assert [record.id for record in pages[sales.first_stage.id].items] == [shared, own]
    sums = board_sums(seller, spec("deal"), sales, ListQuery())
    assert (sums[sales.first_stage.id].count, sums[sales.first_stage.id].total) == (2, Decimal(15))


class TestSearch:
    def test_finds_words_in_any_form_beginnings_and_numbers(self):
        contact = create("contact", fields={"name": "Иванова Светлана"})
        assert [hit.id for hit in search(system_actor(), "ивановой")] == [contact]
        assert [hit.id for hit in search(system_actor(), "свет иван")] == [contact]
        assert search(system_actor(), "петров") == []

    def test_finds_parts_of_a_vin_and_of_a_phone_as_people_write_it(self):
        car = create("car", fields={"make": "Chery", "vin": "LVVDB21B1PD734288"})
        contact = create("contact", fields={"name": "Егоров", "phone": "8 (921) 555-01-42"})
        assert [hit.id for hit in search(system_actor(), "734288")] == [car]
        assert [hit.id for hit in search(system_actor(), "lvvdb21")] == [car]
        assert [hit.id for hit in search(system_actor(), "lvvdв21")] == [car]
        assert [hit.id for hit in search(system_actor(), "8 921 555-01")] == [contact]
        assert [hit.id for hit in search(system_actor(), "5550142")] == [contact]

    def test_shows_only_what_the_person_may_see(self):
        create("contact", fields={"name": "Иванова Светлана", "phone": "+79215550142"})
        seller = make_actor(*allow("contact", scope=Scope.OWN))
        assert search(seller, "иванова") == []
        assert search(seller, "5550142") == []
        own = create("contact", actor=seller, fields={"name": "Иванова Анна"})
        assert [hit.id for hit in search(seller, "иванова")] == [own]

    @pytest.mark.parametrize("candidates", [SEARCH.CANDIDATES, 1])
    @pytest.mark.parametrize("text", ["иванова", "иванова светлана", "иванов свет"])
    def test_a_department_finds_its_own_by_rare_words_and_by_broad_ones(
        self, text: str, candidates: int, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(SEARCH, "CANDIDATES", candidates)
        department = make_department()
        colleague = make_person(department=department)
        create("contact", fields={"name": "Иванова Светлана"})
        own = create("contact", owner=colleague.id, fields={"name": "Иванова Светлана"})
        actor = make_actor(*allow("contact", Verb.SEE, scope=Scope.DEPARTMENT), department=department)
        assert [hit.id for hit in search(actor, text)] == [own]

    def test_does_not_find_a_record_by_a_value_that_is_hidden_from_the_person(self):
        car = create("car", fields={"make": "BMW", "note": "числится в розыске"})
        assert search(make_actor(*allow("car")), "розыск") == []
        officer = make_actor(*allow("car"), *allow_field("car", "note"))
        assert [hit.id for hit in search(officer, "розыск")] == [car]
        assert listed("car", make_actor(*allow("car")), text="розыск") == []

    def test_follows_edits_the_bin_and_strange_input(self):
        car = create("car", fields={"make": "BMW", "vin": "WBAJU81020CB12345"})
        edit("car", car, make="Audi", vin="WAUZZZ4G4EN123456")
        assert search(system_actor(), "bmw") == []
        assert search(system_actor(), "81020") == []
        assert [hit.id for hit in search(system_actor(), "ауди audi")] == []
        assert [hit.id for hit in search(system_actor(), "audi")] == [car]
        write(Write(Change.BIN, "car", id=car))
        assert search(system_actor(), "audi") == []
        for text in ("", "  ", "'", ":*", "a & | b", "\\", "«»", "%_%", "x" * 5000):
            search(system_actor(), text)


def restrict_notes(restricted: bool) -> None:
    with changing_schema(actor_id=None, cause={"kind": "test"}) as change:
        change.change_field("car", "note", restricted=restricted)


def test_words_of_a_field_that_becomes_restricted_leave_the_open_documents(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
):
    monkeypatch.setattr(RENEWING, "CHUNK", 2)
    restrict_notes(False)
    cars = [create("car", fields={"make": "BMW", "note": "розыск"}) for _ in range(3)]
    assert len(search(make_actor(*allow("car")), "розыск")) == 3
    restrict_notes(True)
    RENEWING.renew_search()
    assert search(make_actor(*allow("car")), "розыск") == []
    officer = make_actor(*allow("car"), *allow_field("car", "note"))
    assert sorted(hit.id for hit in search(officer, "розыск")) == cars
    with pin_generation(), django_assert_num_queries(2):
        RENEWING.renew_search()


def test_history_leaves_out_masked_fields():
    car = create("car", fields={"make": "BMW", "note": "secret", "price": "5"})
    [entry] = list_history(make_actor(*allow("car")), spec("car"), car)
    assert {key for key, _change in entry.changes} == {"make", "price"}


@pytest.mark.parametrize("deals", [3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_records(
    deals: int, django_assert_max_num_queries
):
    seller = make_actor(*allow("deal", scope=Scope.OWN), *allow("car"))
    car = create("car", fields={"make": "BMW"})
    for _ in range(deals):
        create("deal", actor=seller, fields={"car": car, "other_cars": [car]})
    sales = spec("deal").pipelines[0]
    with pin_generation(), django_assert_max_num_queries(4):
        list_records(seller, spec("deal"), ListQuery())
    with pin_generation(), django_assert_max_num_queries(4):
        board_cards(seller, spec("deal"), sales, ListQuery())


def test_the_far_end_of_a_link_says_in_its_history_what_was_linked():
    car = create("car", fields={"make": "BMW"})
    deal = create("deal", fields={"other_cars": [car]})
    linked, _created = list_history(system_actor(), spec("car"), car)
    assert dict(linked.changes) == {"deal.other_cars": ([], [deal])}
    stranger = make_actor(*allow("car"))
    assert [
        entry.changes for entry in list_history(stranger, spec("car"), car) if entry.kind == "linked"
    ] == [()]


def test_three_letters_find_cars_of_their_maker():
    car = create("car", fields={"make": "BMW", "vin": "WBAJU81020CB12345"})
    assert [hit.id for hit in search(system_actor(), "wba")] == [car]
