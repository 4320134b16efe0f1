"""Fields that are worked out by a formula from the record's own fields."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.factories.records import CAUSE, add_formula, allow, allow_field, create, edit, make_actor, move

from trassa.access.queries import system_actor
from trassa.journal import Stream, list_entries
from trassa.kernel import Invalid, now
from trassa.records.actions import recounting
from trassa.records.actions.reverting import Reversal, revert_changes
from trassa.records.models import Anchor, FormulaState
from trassa.records.queries import get_record
from trassa.records.queries.formulas import find_progress
from trassa.records.queries.past import record_as_of
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, Layouts

pytestmark = pytest.mark.usefixtures("garage")


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def change_formula(type: str, code: str, text: str | None) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        node = None if text is None else change.read_formula(type, code, text)
        change.change_field(type, code, formula=node)


def add_field(type: str, code: str, kind: str, **details: Any) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field(type, code, kind, label=Label(code.title()), **details)


def retire(type: str, code: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_layouts(type, Layouts())
        change.retire_field(type, code)


def retitle(type: str, template: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_type(type, title_template=template)


def value(type: str, id: int, code: str) -> Any:
    return get_record(system_actor(), current_generation().types[type], id).values[code]


def version(type: str, id: int) -> int:
    return get_record(system_actor(), current_generation().types[type], id).version


def refused(attempt: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(Invalid) as caught:
        attempt(*given, **more)
    return str(caught.value)


def entries(id: int) -> list[dict[str, Any]]:
    return [dict(entry.changes) for entry in list_entries(Stream("record", id))]


class TestCounting:
    def test_a_new_record_has_the_value_of_its_formula(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        assert value("deal", create("deal", fields={"amount": "1000"}), "fee") == Decimal("50.00")

    def test_a_write_that_changes_an_input_counts_anew(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        deal = create("deal", fields={"amount": "1000"})
        edit("deal", deal, amount="2000")
        assert value("deal", deal, "fee") == Decimal("100.00")

    def test_formulas_are_counted_behind_those_that_they_use(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        add_formula("deal", "vat", "fee * 20%")
        add_formula("deal", "whole", "fee + vat")
        deal = create("deal", fields={"amount": "1000"})
        edit("deal", deal, amount="2000")
        assert value("deal", deal, "whole") == Decimal("120.00")

    def test_a_default_may_follow_from_a_formula_and_a_formula_from_a_default(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        add_field("deal", "advance", "money")
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            default = change.read_default("deal", "advance", "fee / 2")
            change.change_field("deal", "advance", default_formula=default)
        add_formula("deal", "rest", "fee - advance")
        deal = create("deal", fields={"amount": "1000"})
        assert [value("deal", deal, code) for code in ("fee", "advance", "rest")] == [50, 25, 25]

    def test_an_error_and_a_value_that_does_not_fit_leave_the_field_empty(self) -> None:
        add_formula("deal", "share", "100 / amount", "percent")
        deal = create("deal")
        assert value("deal", deal, "share") is None
        edit("deal", deal, amount="0.01")
        assert value("deal", deal, "share") is None
        edit("deal", deal, amount="2000")
        assert value("deal", deal, "share") == Decimal(5)

    def test_a_formula_that_only_names_a_field_copies_what_is_empty(self) -> None:
        add_formula("deal", "price_then", "car.price")
        add_formula("deal", "price_now", "car.price + 0")
        deal = create("deal")
        assert (value("deal", deal, "price_then"), value("deal", deal, "price_now")) == (None, 0)

    def test_an_option_is_chosen_by_its_code(self) -> None:
        add_formula("deal", "size", 'IF(amount > 100, "big", "small")', "text")
        deal = create("deal", fields={"amount": "5"})
        edit("deal", deal, amount="500")
        assert value("deal", deal, "size") == "big"

    def test_a_condition_may_ask_for_what_is_worked_out(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        add_field("deal", "reviewer", "text")
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.change_field("deal", "reviewer", required_when=change.read_condition("deal", "fee > 100"))
        create("deal", fields={"amount": "1000"})
        with pytest.raises(Invalid):
            create("deal", fields={"amount": "10000"})

    def test_a_title_follows_a_formula(self) -> None:
        add_formula("car", "name_of_year", 'make & " of " & year', "text")
        retitle("car", "{name_of_year}")
        car = create("car", fields={"make": "BMW", "year": "2020"})
        edit("car", car, year="2021")
        assert Anchor.objects.get(pk=car).title == "BMW of 2021"

    def test_own_formulas_cost_no_query(self) -> None:
        deal = create("deal", fields={"amount": "1000"})
        edit("deal", deal, amount="1")
        with CaptureQueriesContext(connection) as plain:
            edit("deal", deal, amount="2")
        for number in range(3):
            add_formula("deal", f"fee{number}", f"amount * {number + 1}")
        edit("deal", deal, amount="3")
        with CaptureQueriesContext(connection) as counting:
            edit("deal", deal, amount="4")
        assert len(counting) == len(plain)


class TestReadOnly:
    def test_nobody_writes_a_formula(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        deal = create("deal", fields={"amount": "1000"})
        for actor in (make_actor(*allow("deal")), system_actor()):
            with pytest.raises(Invalid) as caught:
                edit("deal", deal, actor=actor, fee="7")
            assert [(each.field, each.code) for each in caught.value.errors] == [("fee", "read_only")]

    def test_history_leaves_it_out_unless_it_is_asked_to_tell(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        add_formula("deal", "vat", "amount * 20%", keeps_history=True)
        deal = create("deal", fields={"amount": "1000"})
        edit("deal", deal, amount="2000")
        fields = current_generation().types["deal"].by_code
        newest = entries(deal)[0]
        assert fields["fee"].column not in newest
        assert newest[fields["vat"].column] == ("200.00", "400.00")

    def test_a_revert_takes_the_inputs_back_and_the_formula_follows(self) -> None:
        add_formula("deal", "vat", "amount * 20%", keeps_history=True)
        deal = create("deal", fields={"amount": "1000"})
        edit("deal", deal, amount="2000")
        seq = list_entries(Stream("record", deal))[0].seq
        revert_changes([Reversal("deal", deal, seq)], actor=system_actor())
        assert value("deal", deal, "vat") == Decimal("200.00")

    def test_a_card_of_the_past_counts_from_the_values_of_then(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        deal = create("deal", fields={"amount": "1000"})
        moment = now()
        edit("deal", deal, amount="2000")
        actor, spec = system_actor(), current_generation().types["deal"]
        then = record_as_of(actor, spec, get_record(actor, spec, deal), moment)
        assert then.values["fee"] == Decimal("50.00")


class TestFrozen:
    def test_a_value_stays_while_its_condition_holds(self) -> None:
        add_formula("deal", "fee", "amount * 5%", frozen_when='stage = "won"')
        deal = create("deal", fields={"amount": "1000"}, pipeline="sales")
        car = create("car", fields={"make": "BMW"})
        edit("deal", deal, car=car)
        move("deal", deal, "showing")
        move("deal", deal, "won", fields={"amount": "2000"})
        assert value("deal", deal, "fee") == Decimal("100.00"), "the write that freezes still counts"
        edit("deal", deal, amount="3000")
        assert value("deal", deal, "fee") == Decimal("100.00")
        move("deal", deal, "showing")
        assert value("deal", deal, "fee") == Decimal("150.00"), "out of the stage it follows again"

    def test_a_write_that_neither_its_inputs_nor_its_condition_move_reads_nothing_for_it(self) -> None:
        add_formula("deal", "fee", "car.price", frozen_when='stage = "won"')
        car = create("car", fields={"make": "BMW", "price": "500"})
        deal = create("deal", fields={"car": car}, pipeline="sales")

        def reads_of_cars(stage: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                move("deal", deal, stage)
            return sum(f"FROM {current_generation().types['car'].table} " in each["sql"] for each in captured)

        assert reads_of_cars("showing") == 0
        assert value("deal", deal, "fee") == Decimal("500.00")


class TestWatched:
    def test_a_write_that_nobody_looks_at_is_sent_at_once(self) -> None:
        with CaptureQueriesContext(connection) as before:
            create("car", fields={"make": "BMW"})
        add_formula("deal", "fee", "car.price")
        create("car", fields={"make": "BMW"})
        with CaptureQueriesContext(connection) as after:
            create("car", fields={"make": "BMW"})
        assert len(after) <= len(before), "no deal points at a new car"


class TestRefused:
    @pytest.mark.parametrize("text", ["YEAR(updated_at)", "number * 2", "IF(owner = ME(), 1, 2)"])
    def test_what_changes_without_a_write_is_not_kept(self, text: str) -> None:
        assert "deal.odd: formula" in refused(add_formula, "deal", "odd", text, "number")

    def test_formulas_do_not_go_in_circles(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        add_formula("deal", "vat", "fee * 20%")
        said = refused(change_formula, "deal", "fee", "vat + 1")
        assert "deal.fee → deal.vat → deal.fee" in said

    def test_nothing_else_may_be_said_of_who_fills_it_in(self) -> None:
        for rule in ({"required": True}, {"default": "1"}, {"unique": True}):
            refused(add_formula, "deal", "fee", "amount * 5%", **rule)
        refused(add_formula, "deal", "fellow", "client", "link", target="contact")

    def test_a_field_that_a_formula_uses_is_not_retired(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        assert "deal.fee: formula" in refused(retire, "deal", "amount")


class TestMasks:
    def test_a_formula_is_seen_by_those_who_see_all_that_it_uses(self) -> None:
        add_formula("car", "margin", "price - floor_price")
        add_formula("car", "share", "margin / price * 100", "number")
        margin = current_generation().types["car"].by_code["share"]
        assert not make_actor(*allow("car")).sees_field(margin)
        assert make_actor(*allow("car"), *allow_field("car", "floor_price")).sees_field(margin)
        assert not make_actor(*allow("car"), *allow_field("car", "note")).sees_field(margin)

    def test_an_open_formula_is_seen_by_everybody(self) -> None:
        add_formula("car", "margin", "price - floor_price", formula_open=True)
        assert make_actor(*allow("car")).sees_field(current_generation().types["car"].by_code["margin"])

    def test_a_formula_restricted_itself_asks_for_both(self) -> None:
        add_formula("car", "margin", "price - floor_price", restricted=True)
        field = current_generation().types["car"].by_code["margin"]
        floor, own = allow_field("car", "floor_price"), allow_field("car", "margin")
        assert not make_actor(*allow("car"), *floor).sees_field(field)
        assert not make_actor(*allow("car"), *own).sees_field(field)
        assert make_actor(*allow("car"), *floor, *own).sees_field(field)

    def test_the_view_for_reports_leaves_it_out(self) -> None:
        add_formula("car", "margin", "price - floor_price")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_schema FROM information_schema.columns"
                " WHERE table_name = 'car' AND column_name = 'margin'"
            )
            assert [schema for (schema,) in cursor.fetchall()] == ["data_full"]

    def test_it_stands_in_no_title(self) -> None:
        add_formula("car", "margin", "price - floor_price")
        with pytest.raises(Invalid) as caught:
            retitle("car", "{margin}")
        assert caught.value.code == "restricted_in_title"


class TestRecounting:
    def test_a_formula_that_is_added_fills_the_records_that_are_there(self) -> None:
        deals = [create("deal", fields={"amount": str(amount)}) for amount in (100, 200)]
        add_formula("deal", "fee", "amount * 5%")
        recounting.renew_formulas()
        assert [value("deal", deal, "fee") for deal in deals] == [5, 10]
        assert [version("deal", deal) for deal in deals] == [1, 1]

    def test_a_formula_that_is_changed_and_those_behind_it_are_counted_anew(self) -> None:
        add_formula("deal", "fee", "amount * 5%")
        add_formula("deal", "vat", "fee * 20%", keeps_history=True)
        deal = create("deal", fields={"amount": "1000"})
        recounting.renew_formulas()
        change_formula("deal", "fee", "amount * 10%")
        recounting.renew_formulas()
        assert value("deal", deal, "vat") == Decimal("20.00")
        vat = current_generation().types["deal"].by_code["vat"].column
        assert entries(deal)[0] == {vat: ("10.00", "20.00")}

    def test_what_was_typed_before_there_was_a_formula_stays_in_history(self) -> None:
        add_field("deal", "payout", "money")
        typed, right, empty = (
            create("deal", fields={"amount": "100", **given})
            for given in ({"payout": "90"}, {"payout": "95"}, {})
        )
        change_formula("deal", "payout", "amount * 95%")
        recounting.renew_formulas()
        assert [value("deal", deal, "payout") for deal in (typed, right, empty)] == [95, 95, 95]
        payout = current_generation().types["deal"].by_code["payout"].column
        assert entries(typed)[0] == {payout: ("90.00", "95.00")}
        assert [len(entries(deal)) for deal in (typed, right, empty)] == [2, 1, 1]
        recounting.renew_formulas()
        change_formula("deal", "payout", "amount * 96%")
        recounting.renew_formulas()
        assert len(entries(typed)) == 2

    def test_what_was_typed_stays_where_the_value_is_to_stay(self) -> None:
        add_field("deal", "payout", "money")
        done = create("deal", fields={"amount": "100", "payout": "90"}, pipeline="buyout", stage="done")
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            formula = change.read_formula("deal", "payout", "amount * 95%")
            frozen = change.read_condition("deal", 'stage = "done"')
            change.change_field("deal", "payout", formula=formula, frozen_when=frozen)
        recounting.renew_formulas()
        assert value("deal", done, "payout") == 90

    def test_titles_and_search_follow(self) -> None:
        add_formula("car", "name_of_year", 'make & " of " & year', "text")
        retitle("car", "{name_of_year}")
        car = create("car", fields={"make": "BMW", "year": "2020"})
        recounting.renew_formulas()
        change_formula("car", "name_of_year", 'make & " built in " & year')
        recounting.renew_formulas()
        assert Anchor.objects.get(pk=car).title == "BMW built in 2020"

    def test_what_was_begun_goes_on_where_it_was_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recounting, "CHUNK", 2)
        deals = [create("deal", fields={"amount": "100"}) for _number in range(5)]
        add_formula("deal", "fee", "amount * 5%")
        spec = current_generation().types["deal"]
        recounting.begin(spec)
        recounting.renew_chunk(spec.id)
        progress = find_progress(spec)
        assert progress is not None
        assert (progress.done, progress.total) == (2, 5)
        assert [value("deal", deal, "fee") for deal in deals] == [5, 5, None, None, None]
        recounting.renew_formulas()
        assert [value("deal", deal, "fee") for deal in deals] == [5] * 5
        assert find_progress(spec) is None
        assert FormulaState.objects.get(type_id=spec.id).done == 5

    def test_values_that_stay_are_counted_when_there_are_none_yet(self) -> None:
        deal = create("deal", fields={"amount": "100"}, pipeline="buyout", stage="done")
        add_formula("deal", "fee", "amount * 5%", frozen_when='stage = "done"')
        recounting.renew_formulas()
        assert value("deal", deal, "fee") == Decimal("5.00")
        change_formula("deal", "fee", "amount * 10%")
        recounting.renew_formulas()
        assert value("deal", deal, "fee") == Decimal("5.00")
