"""Several records become one in one go, and are their own again in one."""

from typing import Any

import pytest
from tests.factories.files import PDF, add_documents, make_picture, upload
from tests.factories.records import CAUSE, allow, create, edit, make_actor

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Verb
from trassa.journal import verify
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions.comments import add_comment
from trassa.records.actions.gathering import MAX_TOGETHER, Gathering, gather_records
from trassa.records.actions.record_files import attach_files
from trassa.records.actions.unmerging import Unmerged, unmerge_records
from trassa.records.queries import get_record
from trassa.records.queries.attachments import files_of_records
from trassa.records.queries.comments import list_comments
from trassa.records.queries.merges import find_survivor, list_taken_in
from trassa.records.types import Attached
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")
VIN, OTHER_VIN = "WBAJU81020CB12345", "XTA210990Y2766389"


def spec(type: str = "car"):
    return current_generation().types[type]


def values(id: int, type: str = "car") -> Any:
    return dict(get_record(system_actor(), spec(type), id).values)


def gather(
    *ids: int, type: str = "car", actor: Actor | None = None, versions=None, **kept: int | None
) -> None:
    into, *sources = ids
    gathering = Gathering(type, into, sources, versions or {}, kept)
    gather_records(gathering, actor=actor or system_actor(), cause=CAUSE)


def unmerge(into: int, source: int, type: str = "car", *, actor: Actor | None = None) -> Unmerged:
    return unmerge_records(type, into, source, actor=actor or system_actor(), cause=CAUSE)


@pytest.fixture
def cars() -> tuple[int, int, int]:
    first = create("car", fields={"make": "Lada", "price": "10"})
    second = create("car", fields={"make": "LADA", "vin": VIN, "price": "20", "year": "2020"})
    third = create("car", fields={"make": "Лада", "vin": OTHER_VIN, "price": "30", "year": "2021"})
    return first, second, third


def test_the_first_value_that_there_is_stays(cars: tuple[int, int, int]) -> None:
    first, second, third = cars
    gather(*cars)
    found = values(first)
    assert (found["make"], found["price"], found["vin"], found["year"]) == ("Lada", 10, VIN, 2020)
    assert (find_survivor(second), find_survivor(third)) == (first, first)
    assert list_taken_in(first) == [second, third]


def test_each_field_is_chosen_from_any_of_them(cars: tuple[int, int, int]) -> None:
    first, second, third = cars
    gather(*cars, make=second, price=third, vin=third, year=first)
    found = values(first)
    assert (found["make"], found["price"], found["vin"], found["year"]) == ("LADA", 30, OTHER_VIN, None)


def test_one_undo_makes_all_of_them_what_they_were(cars: tuple[int, int, int]) -> None:
    first, second, third = cars
    deal = create("deal", fields={"car": third, "other_cars": [second, third]})
    for id in cars:
        add_comment(system_actor(), spec(), id, f"О {id}", cause=CAUSE)
    before = [values(id) for id in cars], values(deal, "deal")
    gather(*cars, make=second, price=third, vin=third)
    assert (values(deal, "deal")["car"], values(deal, "deal")["other_cars"]) == (first, [first])
    assert len(list_comments(first)) == 3
    done = unmerge(first, second)
    assert (done.stayed, sorted(done.losers)) == ([], [second, third])
    assert ([values(id) for id in cars], values(deal, "deal")) == before
    assert [line.text for id in cars for line in list_comments(id)] == [f"О {id}" for id in cars]
    assert find_survivor(second) is find_survivor(third) is None
    assert verify().problems == []


def names_of_files(id: int) -> list[str]:
    files = files_of_records([id]).get(id, {})
    return sorted(file.name for those in files.values() for file in those)


def test_files_of_all_of_them_lie_on_the_survivor_and_go_back(cars: tuple[int, int, int]) -> None:
    add_documents()
    for id, place in zip(cars, ("", "documents", "photo"), strict=True):
        name, content = (f"{id}.png", make_picture()) if place == "photo" else (f"{id}.pdf", PDF)
        stored = upload(system_actor(), name, content)
        attach_files(system_actor(), "car", id, [Attached(stored.id, name)], place=place, cause=CAUSE)
    first, second, third = cars
    gather(*cars)
    assert names_of_files(first) == [f"{first}.pdf", f"{second}.pdf", f"{third}.png"]
    assert unmerge(first, third).stayed == []
    assert [names_of_files(id) for id in cars] == [[f"{first}.pdf"], [f"{second}.pdf"], [f"{third}.png"]]


def test_what_somebody_changed_since_stays_and_is_named_once(cars: tuple[int, int, int]) -> None:
    first, _second, third = cars
    gather(*cars, price=third, make=third)
    edit("car", first, price="33")
    stayed = unmerge(first, third).stayed
    assert {(each.id, each.key) for each in stayed} == {(first, "price")}
    assert (values(first)["price"], values(first)["make"]) == (33, "Lada")
    assert values(first)["year"] is None


def test_a_link_added_since_stays_while_those_that_came_go_back() -> None:
    first, second, third, later = (create("car", fields={"make": make}) for make in ("A", "B", "C", "D"))
    deals = [create("deal", fields={"other_cars": [car]}) for car in (first, second, third)]
    gather(*deals, type="deal")
    edit("deal", deals[0], other_cars=[first, second, third, later])
    assert unmerge(deals[0], deals[1], "deal").stayed == []
    assert [values(deal, "deal")["other_cars"] for deal in deals] == [[first, later], [second], [third]]


def test_records_that_name_each_other_become_one() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("contact", "advised_by", "link", label=Label("Кто советовал"), target="contact")
    one, two, three = (create("contact", fields={"name": name}) for name in ("А", "Б", "В"))
    edit("contact", three, advised_by=two)
    versions = {one: 1, two: 1, three: 2}
    gather(one, two, three, type="contact", versions=versions)
    assert values(one, "contact")["advised_by"] is None
    unmerge(one, three, "contact")
    assert values(three, "contact")["advised_by"] == two


def test_what_is_chosen_from_a_later_record_is_not_missed_before_its_turn(cars: tuple[int, int, int]) -> None:
    """A survivor without a value that is required gets it from the last of them."""
    first, second, third = (create("contact", fields={"name": name}) for name in ("А", "Б", "В"))
    gather(first, second, third, type="contact", name=third)
    assert values(first, "contact")["name"] == "В"


def test_if_one_of_them_was_changed_meanwhile_nothing_is_merged(cars: tuple[int, int, int]) -> None:
    first, second, third = cars
    edit("car", third, price="31")
    with pytest.raises(Conflict) as refused:
        gather(*cars, versions={first: 1, second: 1, third: 1})
    assert refused.value.code == "version_conflict"
    assert find_survivor(second) is None


def test_rights_on_each_of_them_are_asked_for(cars: tuple[int, int, int]) -> None:
    with pytest.raises(Forbidden):
        gather(*cars, actor=make_actor(*allow("car", Verb.SEE, Verb.EDIT)))
    gather(*cars, actor=make_actor(*allow("car")))
    with pytest.raises(Forbidden):
        unmerge(cars[0], cars[1], actor=make_actor(*allow("car", Verb.SEE, Verb.EDIT)))


def test_it_takes_two_different_records_and_not_too_many(cars: tuple[int, int, int]) -> None:
    first, second, third = cars
    for ids in ((first,), (first, first), (first, second, second)):
        with pytest.raises(Invalid):
            gather(*ids)
    with pytest.raises(Invalid):
        gather(*range(1, MAX_TOGETHER + 2))
    with pytest.raises(Invalid):
        gather(first, second, price=third)
    with pytest.raises(NotFound):
        gather(first, second, 2**40)
    assert find_survivor(second) is None
