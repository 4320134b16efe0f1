"""A record as it was, and changes taken back."""

from datetime import UTC, datetime

import pytest
from tests.factories.records import CAUSE, allow, create, edit, make_actor, move, write

from trassa.access.queries import system_actor
from trassa.access.types import Scope
from trassa.journal import Stream, list_entries
from trassa.kernel import Conflict, Invalid, NotFound, frozen
from trassa.records.actions.reverting import Reversal, revert_changes
from trassa.records.moments import read_moment
from trassa.records.queries import get_record
from trassa.records.queries.past import record_as_of
from trassa.records.types import Change, Write
from trassa.schema.actions import OptionDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def spec(type: str = "deal"):
    return current_generation().types[type]


def now_of(id: int, type: str = "deal"):
    return get_record(system_actor(), spec(type), id)


def as_of(id: int, moment: datetime, actor=None, type: str = "deal"):
    actor = actor or system_actor()
    return record_as_of(actor, spec(type), get_record(actor, spec(type), id), moment)


def last_seq(id: int) -> int:
    return list_entries(Stream("record", id), limit=1)[0].seq


def back(id: int, seq: int | None = None, *, fields=None, type: str = "deal", actor=None):
    reversal = Reversal(type, id, seq or last_seq(id), fields and frozenset(fields))
    return revert_changes([reversal], actor=actor or system_actor())[0]


@pytest.fixture
def deal() -> int:
    """Begins with 10, then 20 and showing on the 5th, then 30 on the 9th."""
    with frozen(on(1)):
        car = create("car", fields={"make": "Lada", "model": "Vesta"})
        id = create("deal", fields={"amount": "10", "visit_on": "2026-03-20", "car": car})
    with frozen(on(5)):
        edit("deal", id, amount="20")
        move("deal", id, "showing")
    with frozen(on(9)):
        edit("deal", id, amount="30", visit_on=None)
    return id


def test_a_card_shows_the_values_of_any_day(deal: int):
    assert [as_of(deal, on(day)).values["amount"] for day in (2, 6, 10)] == [10, 20, 30]
    assert str(as_of(deal, on(2)).values["visit_on"]) == "2026-03-20"
    stages = {stage.id: stage.code for stage in spec().pipelines[0].stages}
    assert [stages[as_of(deal, on(day)).stage_id or 0] for day in (2, 6)] == ["new", "showing"]


def test_before_its_creation_a_record_is_not_there(deal: int):
    with pytest.raises(NotFound):
        as_of(deal, on(1, hour=11))


def test_a_day_means_its_end():
    assert read_moment("2026-03-01") < read_moment("2026-03-02T00:00")
    assert read_moment("2026-03-01") > read_moment("2026-03-01T23:59:59.5")


def test_the_title_is_the_one_of_that_day():
    with frozen(on(1)):
        car = create("car", fields={"make": "Lada", "model": "Vesta", "year": "2020"})
    with frozen(on(5)):
        edit("car", car, model="Granta", year=None)
    assert as_of(car, on(2), type="car").title == "Lada Vesta, 2020"
    assert as_of(car, on(6), type="car").title == "Lada Granta"


def test_an_option_that_is_retired_since_is_still_shown():
    with frozen(on(1)):
        id = create("deal", fields={"source": "avito"})
    with frozen(on(5)):
        edit("deal", id, source="phone")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "source", options=[OptionDraft("phone", Label("Звонок", "Call"))])
    then = as_of(id, on(2)).values["source"]
    assert [each.code for each in spec().by_code["source"].options if each.id == then] == ["avito"]


def test_a_masked_field_has_no_past_either():
    with frozen(on(1)):
        car = create("car", fields={"make": "Lada", "floor_price": "1"})
    with frozen(on(5)):
        edit("car", car, floor_price="2")
    stranger = make_actor(*allow("car"))
    assert "floor_price" not in as_of(car, on(2), stranger, type="car").values


def test_a_change_is_taken_back(deal: int):
    back(deal)
    present = now_of(deal)
    assert (present.values["amount"], str(present.values["visit_on"])) == (20, "2026-03-20")
    [entry] = list_entries(Stream("record", deal), limit=1)
    assert entry.cause["kind"] == "revert"


def test_one_field_of_a_change_is_taken_back(deal: int):
    back(deal, fields=["visit_on"])
    present = now_of(deal)
    assert (present.values["amount"], str(present.values["visit_on"])) == (30, "2026-03-20")


def test_what_was_changed_since_is_not_overwritten(deal: int):
    older = last_seq(deal) - 2
    with pytest.raises(Conflict) as refused:
        back(deal, older)
    assert [error.field for error in refused.value.errors] == ["amount", "visit_on", "stage"]
    assert "30" in str(refused.value.errors[0].message), "what it is now stands beside who changed it"


def test_a_move_is_taken_back_when_the_stage_allows_it(deal: int):
    move_seq = last_seq(deal) - 1
    back(deal, move_seq)
    stages = {stage.id: stage.code for stage in spec().pipelines[0].stages}
    assert stages[now_of(deal).stage_id or 0] == "new"
    move("deal", deal, "showing")
    with pytest.raises(Conflict):
        back(deal, move_seq)


def test_a_creation_goes_into_the_bin_and_comes_back(deal: int):
    back(deal, 1)
    with pytest.raises(NotFound):
        now_of(deal)
    back(deal)
    assert now_of(deal)


def test_links_and_owners_are_taken_back():
    cars = [create("car", fields={"make": make}) for make in ("Lada", "УАЗ")]
    seller = make_actor(*allow("deal", scope=Scope.ALL))
    id = create("deal", fields={"other_cars": cars})
    edit("deal", id, other_cars=cars[:1])
    back(id)
    assert now_of(id).values["other_cars"] == cars
    write(Write(Change.EDIT, "deal", id=id, owner=seller.id))
    with pytest.raises(Invalid):
        back(id)


def test_many_records_are_taken_back_at_once_and_each_says_what_became_of_it():
    ids = [create("deal", fields={"amount": "1"}) for _ in range(3)]
    for id in ids:
        edit("deal", id, amount="2")
    edit("deal", ids[1], amount="3")
    reversals = [Reversal("deal", id, 2) for id in ids]
    outcomes = revert_changes(reversals, actor=system_actor(), atomic=False)
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert [now_of(id).values["amount"] for id in ids] == [1, 3, 1]


def test_only_who_may_edit_takes_back(deal: int):
    stranger = make_actor(*allow("contact"))
    with pytest.raises(NotFound):
        back(deal, actor=stranger)
