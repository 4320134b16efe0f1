"""What the one write path promises, whoever calls it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.factories.people import make_department, make_person
from tests.factories.records import CAUSE, allow, allow_field, create, edit, make_actor, move, write

from trassa.access.queries import system_actor
from trassa.access.types import Scope, Verb
from trassa.journal import Stream, list_entries
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound, frozen
from trassa.records.models import Anchor, Participant
from trassa.records.queries import get_record
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")


def read(type: str, id: int, actor=None):
    return get_record(actor or system_actor(), current_generation().types[type], id)


def faults(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {error.field: error.code for error in refusal.value.errors}


def test_a_new_record_has_a_number_a_title_a_version_and_its_first_stage():
    car = create("car", fields={"make": "BMW", "model": "X5", "year": 2021})
    deal = create("deal", fields={"car": car, "amount": "6150000"})
    record = read("deal", deal)
    assert record.number == "С-00001"
    assert record.title == "BMW X5, 2021"
    assert record.version == 1
    assert current_generation().stages_by_id[record.stage_id].code == "new"
    assert record.values["amount"] == Decimal("6150000.00")
    assert Anchor.objects.get(pk=deal).title == "BMW X5, 2021"


def test_a_title_joins_linked_titles_and_falls_back_to_the_number():
    car = create("car", fields={"make": "Audi", "model": "Q7"})
    client = create("contact", fields={"name": "Маркова Ирина"})
    assert (
        read("deal", create("deal", fields={"car": car, "client": client})).title == "Audi Q7 — Маркова Ирина"
    )
    assert read("deal", create("deal", fields={"client": client})).title == "Маркова Ирина"
    assert read("deal", create("deal")).title == "С-00003"


def test_defaults_fill_what_the_write_leaves_out():
    deal = read("deal", create("deal"))
    options = current_generation().types["deal"].by_code["source"].options
    assert deal.values["source"] == next(option.id for option in options if option.code == "phone")


def test_all_faults_of_a_record_are_reported_together():
    with pytest.raises(Invalid) as refusal:
        create("car", fields={"vin": "too short", "price": "many", "colour": "red"})
    assert faults(refusal).keys() == {"vin", "price", "colour", "make"}
    assert faults(refusal)["make"] == "required"
    assert faults(refusal)["colour"] == "unknown_field"


def test_a_refused_write_leaves_nothing_behind():
    before = Anchor.objects.count()
    good = Write(Change.CREATE, "car", fields={"make": "BMW"})
    bad = Write(Change.CREATE, "car", fields={})
    with pytest.raises(Invalid):
        write(good, bad)
    assert Anchor.objects.count() == before


def test_a_batch_that_is_not_atomic_stores_the_good_and_explains_the_bad():
    good = Write(Change.CREATE, "car", fields={"make": "BMW"})
    bad = Write(Change.CREATE, "car", fields={})
    unknown = Write(Change.CREATE, "spaceship", fields={})
    stored, refused, absent = write(good, bad, unknown, atomic=False)
    assert read("car", stored.id or 0).title == "BMW"
    assert isinstance(refused.error, Invalid)
    assert isinstance(absent.error, NotFound)


def test_an_edit_raises_the_version_and_an_edit_of_nothing_does_not():
    car = create("car", fields={"make": "BMW", "price": "100"})
    assert edit("car", car, price="200") == 2
    assert edit("car", car, price="200.00") == 2
    assert len(list_entries(Stream("record", car))) == 2


def test_an_edit_against_an_old_version_names_the_fields_that_changed_since():
    car = create("car", fields={"make": "BMW", "price": "100"})
    edit("car", car, version=1, price="200", model="X5")
    with pytest.raises(Conflict) as conflict:
        edit("car", car, version=1, model="X6")
    assert [error.field for error in conflict.value.errors] == ["model", "price"]


def test_edits_of_different_fields_may_be_merged():
    car = create("car", fields={"make": "BMW"})
    edit("car", car, version=1, price="200")
    [outcome] = write(Write(Change.EDIT, "car", id=car, version=1, fields={"model": "X5"}, merge=True))
    assert outcome.version == 3
    with pytest.raises(Conflict):
        write(Write(Change.EDIT, "car", id=car, version=1, fields={"price": "1"}, merge=True))


def test_a_conflict_does_not_name_a_field_that_the_person_may_not_see():
    car = create("car", fields={"make": "BMW"})
    edit("car", car, note="в розыске", price="10")
    seller = make_actor(*allow("car"))
    with pytest.raises(Conflict) as conflict:
        edit("car", car, version=1, actor=seller, model="X5")
    assert [error.field for error in conflict.value.errors] == ["price"]


def test_history_keeps_every_value_before_and_after_with_actor_and_cause():
    seller = make_actor(*allow("car"))
    with frozen(datetime(2026, 3, 24, 12, tzinfo=UTC)):
        car = create("car", actor=seller, fields={"make": "BMW", "price": "100"})
    edit("car", car, actor=seller, price="250.50")
    price = current_generation().types["car"].by_code["price"].column
    changed, created = list_entries(Stream("record", car))
    assert changed.changes[price] == ("100.00", "250.50")
    assert (changed.kind, changed.actor_id, changed.cause) == ("changed", seller.id, CAUSE)
    assert created.at == datetime(2026, 3, 24, 12, tzinfo=UTC)


def test_linking_many_records_is_written_into_the_history_of_both_ends():
    first, second = (create("car", fields={"make": make}) for make in ("BMW", "Audi"))
    deal = create("deal", fields={"other_cars": [second, first]})
    assert read("deal", deal).values["other_cars"] == [first, second]
    edit("deal", deal, other_cars=[second])
    assert read("deal", deal).values["other_cars"] == [second]
    far = list_entries(Stream("record", first))
    assert [entry.kind for entry in far] == ["linked", "linked", "created"]


def test_a_link_to_nothing_or_to_something_unseen_is_refused_alike():
    owner = make_person()
    car = create("car", owner=owner.id, fields={"make": "BMW"})
    seller = make_actor(*allow("deal"), *allow("car", scope=Scope.OWN))
    for target in (car, car + 1000):
        with pytest.raises(Invalid) as refusal:
            create("deal", actor=seller, fields={"car": target})
        assert faults(refusal) == {"car": "unknown_record"}


def test_a_value_that_must_be_unique_is_taken_once():
    vin = "WP1ZZZ9YZLDA12345"
    first = create("car", fields={"make": "Porsche", "vin": vin})
    with pytest.raises(Invalid) as refusal:
        create("car", fields={"make": "Audi", "vin": vin.lower()})
    assert faults(refusal) == {"vin": "not_unique"}
    assert "Porsche" in str(refusal.value.errors[0].message)
    write(Write(Change.BIN, "car", id=first))
    create("car", fields={"make": "Audi", "vin": vin})
    with pytest.raises(Invalid):
        write(Write(Change.RESTORE, "car", id=first))


def test_a_batch_may_not_take_one_unique_value_twice():
    write_one = Write(Change.CREATE, "car", fields={"make": "BMW", "vin": "WBAJU81020CB12345"})
    stored, refused = write(write_one, write_one, atomic=False)
    assert stored.error is None
    assert isinstance(refused.error, Invalid)


def test_the_owner_brings_the_department():
    department = make_department()
    seller = make_person(department=department)
    car = create("car", fields={"make": "BMW"})
    write(Write(Change.EDIT, "car", id=car, owner=seller.id))
    record = read("car", car)
    assert (record.owner_id, record.department_id) == (seller.id, department.id)


def test_a_dismissed_or_unknown_person_cannot_become_owner():
    with pytest.raises(Invalid) as refusal:
        create("car", owner=10**9, fields={"make": "BMW"})
    assert faults(refusal) == {"owner": "unknown_person"}


def test_a_person_field_can_make_somebody_take_part():
    appraiser = make_actor(*allow("deal", Verb.SEE, scope=Scope.OWN))
    deal = create("deal")
    with pytest.raises(NotFound):
        read("deal", deal, appraiser)
    edit("deal", deal, appraiser=appraiser.id)
    assert read("deal", deal, appraiser).id == deal
    edit("deal", deal, appraiser=None)
    assert not Participant.objects.filter(record_id=deal).exists()


def test_the_bin_hides_a_record_until_it_is_restored():
    car = create("car", fields={"make": "BMW"})
    write(Write(Change.BIN, "car", id=car))
    with pytest.raises(NotFound):
        read("car", car)
    with pytest.raises(NotFound):
        edit("car", car, model="X5")
    write(Write(Change.RESTORE, "car", id=car))
    assert read("car", car).version == 3


class TestRights:
    def test_what_cannot_be_seen_is_not_found(self):
        car = create("car", fields={"make": "BMW"})
        seller = make_actor(*allow("car", scope=Scope.OWN))
        with pytest.raises(NotFound):
            edit("car", car, actor=seller, model="X5")

    def test_what_can_be_seen_but_not_changed_is_forbidden(self):
        car = create("car", fields={"make": "BMW"})
        viewer = make_actor(*allow("car", Verb.SEE))
        with pytest.raises(Forbidden):
            edit("car", car, actor=viewer, model="X5")
        with pytest.raises(Forbidden):
            write(Write(Change.BIN, "car", id=car), actor=viewer)

    def test_creating_for_somebody_else_needs_a_grant_that_reaches_them(self):
        seller = make_actor(*allow("car", scope=Scope.OWN))
        assert create("car", actor=seller, fields={"make": "BMW"})
        with pytest.raises(Forbidden):
            create("car", actor=seller, owner=make_person().id, fields={"make": "BMW"})

    def test_a_masked_field_looks_like_no_field(self):
        seller = make_actor(*allow("car"))
        with pytest.raises(Invalid) as masked:
            create("car", actor=seller, fields={"make": "BMW", "note": "x"})
        with pytest.raises(Invalid) as absent:
            create("car", actor=seller, fields={"make": "BMW", "nothing": "x"})
        assert masked.value.errors[0].code == absent.value.errors[0].code == "unknown_field"
        assert str(masked.value.errors[0].message) == str(absent.value.errors[0].message)

    def test_a_field_seen_but_not_editable_is_forbidden(self):
        officer = make_actor(*allow("car"), *allow_field("car", "note", Verb.SEE))
        with pytest.raises(Invalid) as refusal:
            create("car", actor=officer, fields={"make": "BMW", "note": "x"})
        assert faults(refusal) == {"note": "forbidden"}


class TestStages:
    def test_a_stage_asks_for_its_fields_and_names_them(self):
        deal = create("deal")
        with pytest.raises(Invalid) as refusal:
            move("deal", deal, "showing")
        assert faults(refusal) == {"car": "required_on_stage"}

    def test_fields_may_come_with_the_move(self):
        car = create("car", fields={"make": "BMW"})
        deal = create("deal")
        move("deal", deal, "showing", fields={"car": car})
        assert current_generation().stages_by_id[read("deal", deal).stage_id or 0].code == "showing"

    def test_a_field_that_the_stage_requires_cannot_be_emptied(self):
        car = create("car", fields={"make": "BMW"})
        deal = create("deal", fields={"car": car})
        move("deal", deal, "showing")
        with pytest.raises(Invalid) as refusal:
            edit("deal", deal, car=None)
        assert faults(refusal) == {"car": "required_on_stage"}

    def test_a_stage_lets_go_only_where_it_leads(self):
        deal = create("deal", fields={"amount": "1"})
        with pytest.raises(Invalid) as refusal:
            move("deal", deal, "won")
        assert faults(refusal) == {"stage": "stage_not_allowed"}

    def test_a_loss_needs_a_reason_and_leaving_it_forgets_the_reason(self):
        deal = create("deal", fields={"car": create("car", fields={"make": "BMW"})})
        with pytest.raises(Invalid) as refusal:
            move("deal", deal, "lost")
        assert faults(refusal) == {"reason": "required"}
        move("deal", deal, "lost", reason="price")
        assert read("deal", deal).reason_id is not None
        move("deal", deal, "showing")
        assert read("deal", deal).reason_id is None

    def test_moving_to_another_pipeline_enters_its_first_stage(self):
        deal = create("deal")
        write(Write(Change.MOVE, "deal", id=deal, pipeline="buyout"))
        record = read("deal", deal)
        generation = current_generation()
        assert generation.pipelines_by_id[record.pipeline_id or 0].code == "buyout"
        assert generation.stages_by_id[record.stage_id or 0].code == "request"

    def test_a_mover_needs_the_right_in_the_other_pipeline_too(self):
        mover = make_actor(*allow("deal", pipeline="sales"))
        deal = create("deal", actor=mover)
        with pytest.raises(Forbidden):
            write(Write(Change.MOVE, "deal", id=deal, pipeline="buyout"), actor=mover)

    def test_moving_to_the_same_stage_changes_nothing(self):
        deal = create("deal")
        assert move("deal", deal, "new").version == 1


def test_a_link_to_a_record_of_another_type_is_refused():
    car = create("car", fields={"make": "BMW"})
    with pytest.raises(Invalid) as refusal:
        create("deal", fields={"car": car, "client": car})
    assert faults(refusal) == {"client": "unknown_record"}


class TestMovingWithoutEditing:
    def test_a_move_fills_what_the_stage_asks_for(self):
        mover = make_actor(*allow("deal", Verb.SEE, Verb.MOVE), *allow("car", Verb.SEE))
        deal = create("deal")
        move("deal", deal, "showing", actor=mover, fields={"car": create("car", fields={"make": "BMW"})})
        assert read("deal", deal).values["car"] is not None

    def test_a_move_changes_nothing_else(self):
        mover = make_actor(*allow("deal", Verb.SEE, Verb.MOVE), *allow("car", Verb.SEE))
        car = create("car", fields={"make": "BMW"})
        deal = create("deal", fields={"amount": "10"})
        with pytest.raises(Invalid) as refusal:
            move("deal", deal, "showing", actor=mover, fields={"car": car, "amount": "1"})
        assert faults(refusal) == {"amount": "forbidden"}
