"""Values that stay as they were from an event on: a stage, a signature; and what undoing does to them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.factories.imports import imported
from tests.factories.people import make_person
from tests.factories.records import (
    CAUSE,
    add_formula,
    allow,
    allow_field,
    create,
    edit,
    make_actor,
    move,
    write,
)

from trassa.access.queries import Actor, system_actor
from trassa.imports.actions.orders import undo_run
from trassa.imports.actions.working import work
from trassa.imports.types import Duplicates
from trassa.journal import Stream, list_entries
from trassa.kernel import Invalid, frozen, now
from trassa.records.actions import recounting
from trassa.records.actions.bulk_runs import start_bulk_run, undo_bulk_run
from trassa.records.actions.joining import Pick
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.reverting import Reversal, revert_changes
from trassa.records.actions.unmerging import unmerge_records
from trassa.records.models import FrozenValue
from trassa.records.queries import get_record, list_history, list_records
from trassa.records.queries.past import record_as_of
from trassa.records.types import BulkChange, Change, Filter, ListQuery, Write
from trassa.schema.actions import changing_schema
from trassa.schema.discrepancies import list_discrepancies
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Label

pytestmark = pytest.mark.usefixtures("garage")

SIGNED = "NOT(ISBLANK(signed_on))"
DAY = "2026-03-02"


@pytest.fixture(autouse=True)
def _signatures(garage: None) -> None:
    """Deals are signed on a day; the price of the car that was agreed on stays from then on."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "signed_on", "date", label=Label("Подписан"))
        change.add_field("deal", "agreed", "lookup", label=Label("Согласовано"), shows="car.price")
    freeze_when("agreed", SIGNED)


def freeze_when(code: str, text: str | None) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        node = None if text is None else change.read_condition("deal", text)
        change.change_field("deal", code, frozen_when=node)


def record(deal: int, actor: Actor | None = None) -> Any:
    return get_record(actor or system_actor(), current_generation().types["deal"], deal)


def agreed(deal: int) -> Decimal | None:
    value: Decimal | None = record(deal).values["agreed"]
    return value


def field(code: str = "agreed", type: str = "deal") -> FieldSpec:
    return current_generation().types[type].by_code[code]


def take_back(deal: int, *, entry: int = 0) -> None:
    seq = list_entries(Stream("record", deal))[entry].seq
    revert_changes([Reversal("deal", deal, seq)], actor=system_actor())


@pytest.fixture
def car() -> int:
    return create("car", fields={"make": "BMW", "price": "100"})


@pytest.fixture
def signed(car: int) -> int:
    """A deal that was signed at 100, of a car that costs 120 by now."""
    deal = create("deal", fields={"car": car})
    edit("deal", deal, signed_on=DAY)
    edit("car", car, price="120")
    return deal


class TestASignature:
    def test_a_value_stays_from_the_day_that_is_filled_in(self, signed: int, car: int) -> None:
        other = create("deal", fields={"car": car})
        assert (agreed(signed), agreed(other)) == (100, 120)

    def test_it_stays_when_what_it_shows_becomes_a_field_of_another_kind(self) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.add_field("deal", "told_make", "lookup", label=Label("Марка"), shows="car.make")
        freeze_when("told_make", SIGNED)
        car = create("car", fields={"make": "без номера"})
        deal = create("deal", fields={"car": car})
        edit("deal", deal, signed_on=DAY)
        edit("car", car, make="А123ВС77")
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.convert_field("car", "make", "plate")
        edit("deal", deal, amount="5")
        assert field("told_make").kind == "plate"
        assert record(deal).values["told_make"] == "без номера"
        browser = Client()
        browser.force_login(make_person("admin", is_administrator=True))
        assert "без номера" in browser.get(f"/r/deal/{deal}/").content.decode()

    def test_a_yes_or_no_field_is_condition_enough(self, car: int) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.add_field("deal", "is_signed", "boolean", label=Label("Договор подписан"))
        add_formula("deal", "fee", "car.price * 5%", frozen_when="is_signed")
        deal = create("deal", fields={"car": car})
        edit("deal", deal, is_signed=True)
        edit("car", car, price="1000")
        assert record(deal).values["fee"] == 5
        edit("deal", deal, is_signed=False)
        assert record(deal).values["fee"] == 50

    def test_the_write_that_signs_still_counts(self, car: int) -> None:
        deal = create("deal")
        edit("deal", deal, car=car, signed_on=DAY)
        assert agreed(deal) == 100

    def test_a_record_may_come_signed(self, car: int) -> None:
        deal = create("deal", fields={"car": car, "signed_on": DAY})
        edit("car", car, price="120")
        assert (agreed(deal), list(record(deal).frozen)) == (100, ["agreed"])

    def test_without_the_signature_the_value_follows_again(self, signed: int, car: int) -> None:
        edit("deal", signed, signed_on=None)
        assert (agreed(signed), record(signed).frozen) == (120, {})
        edit("car", car, price="130")
        assert agreed(signed) == 130

    def test_signed_anew_it_is_the_value_of_the_new_day(self, signed: int) -> None:
        edit("deal", signed, signed_on=None)
        edit("deal", signed, signed_on="2026-04-02")
        assert agreed(signed) == 120

    def test_it_is_known_since_when(self, car: int) -> None:
        deal = create("deal", fields={"car": car})
        moment = now()
        with frozen(moment):
            edit("deal", deal, signed_on=DAY)
        edit("deal", deal, signed_on="2026-03-03")
        assert record(deal).frozen == {"agreed": moment}

    def test_a_condition_that_follows_from_other_records_holds_as_well(self, car: int) -> None:
        add_formula("deal", "buyer", "client.name", "text")
        freeze_when("agreed", "NOT(ISBLANK(buyer))")
        client = create("contact", fields={"name": "Егоров"})
        deal = create("deal", fields={"car": car, "client": client})
        edit("car", car, price="120")
        assert agreed(deal) == 100
        assert list(record(deal).frozen) == ["agreed"]


class TestLookups:
    def test_one_that_stays_is_filtered_and_sorted_like_a_field(self, signed: int, car: int) -> None:
        create("deal", fields={"car": car})
        found = list_records(system_actor(), field_type(), ListQuery([Filter("agreed", "lt", "110")]))
        assert [each.id for each in found.items] == [signed]

    def test_options_of_the_linked_type_are_its_own(self, car: int) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.add_field("deal", "sister", "link", label=Label("Сделка"), target="deal")
            change.add_field(
                "deal", "its_source", "lookup", label=Label("Её источник"), shows="sister.source"
            )
        freeze_when("its_source", SIGNED)
        sister = create("deal", fields={"source": "avito"})
        deal = create("deal", fields={"sister": sister, "signed_on": DAY})
        edit("deal", sister, source="phone")
        option = field("its_source").find_option(record(deal).values["its_source"])
        assert option is not None
        assert option.code == "avito"

    def test_it_hides_what_its_link_and_its_field_hide(self, signed: int) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.change_field("car", "price", restricted=True)
        assert not make_actor(*allow("deal"), *allow("car")).sees_field(field())
        assert make_actor(*allow("deal"), *allow_field("car", "price")).sees_field(field())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_schema FROM information_schema.columns"
                " WHERE table_name = 'deal' AND column_name = 'agreed'"
            )
            assert [schema for (schema,) in cursor.fetchall()] == ["data_full"]

    def test_what_cannot_be_kept_is_refused(self) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.add_field("car", "owner_of_old", "link", label=Label("Хозяин"), target="contact")
            change.add_field("deal", "old", "lookup", label=Label("Хозяин"), shows="car.owner_of_old")
        with pytest.raises(Invalid, match="нельзя зафиксировать"):
            freeze_when("old", SIGNED)

    def test_one_that_no_longer_stays_is_shown_live_and_nothing_is_left_over(self, signed: int) -> None:
        freeze_when("agreed", None)
        assert (agreed(signed), record(signed).frozen) == (120, {})
        assert list_discrepancies() == []

    def test_one_that_is_to_stay_from_now_on_is_filled_for_all(self, signed: int, car: int) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.add_field("deal", "shown", "lookup", label=Label("Цена"), shows="car.price")
        freeze_when("shown", SIGNED)
        recounting.renew_formulas()
        edit("car", car, price="150")
        assert record(signed).values["shown"] == 120
        assert record(signed).frozen["shown"] is None, "nobody knows since when"


class TestConditionsThatChange:
    def test_values_that_no_longer_stay_follow_again(self, signed: int) -> None:
        recounting.renew_formulas()
        freeze_when("agreed", 'stage = "won"')
        recounting.renew_formulas()
        assert (agreed(signed), record(signed).frozen) == (120, {})

    def test_what_is_known_of_values_that_go_on_staying_is_kept(self, signed: int) -> None:
        recounting.renew_formulas()
        since = record(signed).frozen["agreed"]
        freeze_when("agreed", f'{SIGNED} OR stage = "won"')
        recounting.renew_formulas()
        assert (agreed(signed), record(signed).frozen) == (100, {"agreed": since})


class TestHistory:
    def test_it_tells_what_began_to_stay_and_what_no_longer_does(self, signed: int) -> None:
        since = record(signed).frozen["agreed"]
        edit("deal", signed, signed_on=None)
        told = {"value": "100.00", "since": since.isoformat()}
        changes = [dict(entry.changes) for entry in list_history(system_actor(), field_type(), signed)]
        assert [change.get("frozen:agreed") for change in changes] == [(told, None), (None, told), None]

    def test_who_does_not_see_the_field_hears_nothing_of_it(self, signed: int) -> None:
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.change_field("deal", "agreed", restricted=True)
        actor = make_actor(*allow("deal"), *allow("car"))
        entries = list_history(actor, field_type(), signed)
        assert not [
            key for entry in entries for key, _pair in entry.changes if "agreed" in key or "k_" in key
        ]
        assert record(signed, actor).frozen == {}

    def test_a_card_of_the_past_shows_what_stayed_then(self, signed: int) -> None:
        moment = now()
        edit("deal", signed, signed_on=None)
        spec, present = field_type(), record(signed)
        assert record_as_of(system_actor(), spec, present, moment).values["agreed"] == 100


class TestUndoing:
    def test_a_signature_that_is_taken_back_lets_the_value_follow(self, signed: int) -> None:
        take_back(signed)
        assert agreed(signed) == 120

    def test_a_signature_that_comes_back_brings_what_was_agreed(self, signed: int) -> None:
        since = record(signed).frozen["agreed"]
        edit("deal", signed, signed_on=None)
        take_back(signed)
        assert (agreed(signed), record(signed).frozen) == (100, {"agreed": since})

    def test_so_does_the_stage_that_a_value_was_fixed_on(self, car: int) -> None:
        freeze_when("agreed", 'stage = "showing"')
        deal = create("deal", fields={"car": car}, pipeline="sales")
        move("deal", deal, "showing")
        edit("car", car, price="120")
        move("deal", deal, "new")
        assert agreed(deal) == 120
        take_back(deal)
        assert agreed(deal) == 100

    def test_out_of_the_bin_it_is_what_it_was(self, signed: int) -> None:
        for change in (Change.BIN, Change.RESTORE):
            write(Write(change, "deal", id=signed))
        assert (agreed(signed), list(record(signed).frozen)) == (100, ["agreed"])

    def test_many_at_once_and_their_one_undo(self, signed: int, car: int) -> None:
        other = create("deal", fields={"car": car})
        actor = make_actor(*allow("deal"), *allow("car"))
        change = BulkChange(Change.EDIT, {"signed_on": None})
        run = start_bulk_run(field_type(), change, [signed, other], actor=actor)
        assert (agreed(signed), agreed(other)) == (120, 120)
        undo_bulk_run(run.id, actor=actor)
        assert (agreed(signed), agreed(other)) == (100, 120)
        run = start_bulk_run(field_type(), BulkChange(Change.EDIT, {"signed_on": DAY}), [other], actor=actor)
        edit("car", car, price="140")
        assert (agreed(signed), agreed(other)) == (100, 120)
        undo_bulk_run(run.id, actor=actor)
        assert (agreed(signed), agreed(other), record(other).frozen) == (100, 140, {})

    def test_an_import_and_its_undo(self, signed: int, car: int) -> None:
        vin = "WBAJU81020CB12345"
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.add_field("deal", "frame", "vin", label=Label("VIN"), unique=True)
        other = create("deal", fields={"car": car, "frame": vin})
        run = imported("deal", f"VIN;Подписан\n{vin};02.03.2026\n", duplicates=Duplicates.OVERWRITE)
        edit("car", car, price="140")
        assert (run.counts.updated, agreed(other)) == (1, 120)
        undo_run(run.id, actor=system_actor())
        work(run.id)
        assert (agreed(signed), agreed(other), record(other).frozen) == (100, 140, {})


class TestMerging:
    @pytest.fixture
    def draft(self, car: int, signed: int) -> int:
        return create("deal", fields={"car": car})

    def merge(self, into: int, source: int, **picks: Pick) -> None:
        merge_records(Merging("deal", into, source, picks=picks), actor=system_actor(), cause=CAUSE)

    def unmerge(self, into: int, source: int) -> None:
        unmerge_records("deal", into, source, actor=system_actor(), cause=CAUSE)

    def test_who_brings_the_signature_brings_what_was_agreed(self, signed: int, draft: int) -> None:
        since = record(signed).frozen["agreed"]
        self.merge(draft, signed)
        assert (agreed(draft), record(draft).frozen) == (100, {"agreed": since})
        self.unmerge(draft, signed)
        assert (agreed(draft), record(draft).frozen) == (120, {})
        assert (agreed(signed), record(signed).frozen) == (100, {"agreed": since})

    def test_of_two_that_are_signed_the_survivor_keeps_its_own(self, signed: int, draft: int) -> None:
        edit("deal", draft, signed_on="2026-04-02")
        self.merge(draft, signed)
        assert agreed(draft) == 120
        self.unmerge(draft, signed)
        assert (agreed(draft), agreed(signed)) == (120, 100)

    def test_a_survivor_that_loses_its_signature_has_it_back_with_the_value(
        self, signed: int, draft: int
    ) -> None:
        self.merge(signed, draft, signed_on=Pick.FROM)
        assert agreed(signed) == 120
        self.unmerge(signed, draft)
        assert (agreed(signed), list(record(signed).frozen)) == (100, ["agreed"])


def field_type() -> Any:
    return current_generation().types["deal"]


def test_nothing_is_remembered_of_values_that_follow(signed: int) -> None:
    edit("deal", signed, signed_on=None)
    assert not FrozenValue.objects.exists()
