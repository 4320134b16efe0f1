"""Formulas over links: rollups of linked records and values of the records that one points at."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.factories.records import (
    CAUSE,
    add_formula,
    allow,
    create,
    edit,
    make_actor,
    write,
)
from tests.records.test_formulas import add_field, refused, value, version

from trassa.access.queries import system_actor
from trassa.journal import Stream, list_entries
from trassa.kernel import TrassaError
from trassa.records.actions import dependants, recounting
from trassa.records.actions.formulas import formula_value, formulas_of
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.taking_back import Origin, take_back_records
from trassa.records.actions.write import write_records
from trassa.records.models import Anchor, Recount
from trassa.records.queries.formulas import find_progress
from trassa.records.queries.values import State, load_values
from trassa.records.registries import WriteHook, WrittenRecord, write_hooks
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def retitled(type: str, template: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_type(type, title_template=template)


class TestRollups:
    @pytest.fixture(autouse=True)
    def _total(self, garage: None) -> None:
        add_formula("contact", "total", "SUM(deals.amount)")
        add_formula("contact", "large", "COUNT(deals, deals.amount > 100)", "number")

    def test_a_linked_record_that_comes_changes_and_goes_is_counted_at_once(self) -> None:
        client = create("contact", fields={"name": "Орлов"})
        assert value("contact", client, "total") == 0
        deal = create("deal", fields={"client": client, "amount": "100"})
        create("deal", fields={"client": client, "amount": "50"})
        assert value("contact", client, "total") == 150
        edit("deal", deal, amount="500")
        assert (value("contact", client, "total"), value("contact", client, "large")) == (550, 1)
        write(Write(Change.BIN, "deal", id=deal))
        assert (value("contact", client, "total"), value("contact", client, "large")) == (50, 0)
        write(Write(Change.RESTORE, "deal", id=deal))
        assert value("contact", client, "total") == 550
        assert version("contact", client) == 1, "what follows raises no version"

    def test_a_link_that_moves_is_counted_on_both_ends(self) -> None:
        one, other = (create("contact", fields={"name": name}) for name in ("Орлов", "Белов"))
        deal = create("deal", fields={"client": one, "amount": "100"})
        edit("deal", deal, client=other)
        assert [value("contact", id, "total") for id in (one, other)] == [0, 100]
        edit("deal", deal, client=None)
        assert value("contact", other, "total") == 0

    def test_a_batch_with_both_ends_gives_the_value_of_the_end(self) -> None:
        client = create("contact", fields={"name": "Орлов"})
        deal = create("deal", fields={"client": client, "amount": "100"})
        outcomes = write(
            Write(Change.EDIT, "contact", id=client, fields={"name": "Белов"}),
            Write(Change.EDIT, "deal", id=deal, fields={"amount": "200"}),
        )
        assert value("contact", client, "total") == 200
        assert outcomes[0].version == 2

    def test_only_what_matters_to_a_formula_refreshes_it(self) -> None:
        client = create("contact", fields={"name": "Орлов"})
        deal = create("deal", fields={"client": client, "amount": "100"})
        with CaptureQueriesContext(connection) as caught:
            edit("deal", deal, visit_on="2026-05-12")
        table = current_generation().types["contact"].table
        assert not [each for each in caught.captured_queries if f"UPDATE {table}" in each["sql"]]
        assert not [
            each for each in caught.captured_queries if "FOR UPDATE" in each["sql"] and table in each["sql"]
        ]

    def test_the_value_does_not_depend_on_who_writes(self) -> None:
        client = create("contact", fields={"name": "Орлов"})
        create("deal", fields={"client": client, "amount": "100"})
        seller = make_actor(*allow("deal"))
        edit("deal", create("deal", actor=seller, fields={"amount": "5"}), client=client)
        mine = create("deal", fields={"amount": "1", "client": client})
        edit("deal", mine, actor=seller, amount="2")
        assert value("contact", client, "total") == 107

    def test_history_tells_it_where_the_field_asks_for_it(self) -> None:
        add_formula("contact", "best", "MAX(deals.amount)", keeps_history=True)
        client = create("contact", fields={"name": "Орлов"})
        deal = create("deal", fields={"client": client, "amount": "100"})
        before = len(list_entries(Stream("record", client)))
        edit("deal", deal, amount="200")
        best = current_generation().types["contact"].by_code["best"].column
        newest = list_entries(Stream("record", client))[0]
        assert (newest.kind, dict(newest.changes)) == ("renewed", {best: ("100.00", "200.00")})
        assert len(list_entries(Stream("record", client))) == before + 1

    def test_what_followed_does_not_keep_a_creation_from_being_taken_back(self) -> None:
        add_formula("contact", "best", "MAX(deals.amount)", keeps_history=True)
        cause = {"kind": "import", "import": 3}
        made = Write(Change.CREATE, "contact", fields={"name": "Орлов"})
        [outcome] = write_records([made], actor=system_actor(), cause=cause)
        client = outcome.id or 0
        create("deal", fields={"client": client, "amount": "100"})
        assert list_entries(Stream("record", client))[0].kind == "renewed"
        spec = current_generation().types["contact"]
        taken = take_back_records(
            Origin("import", 3), spec, {client: 1}, actor=system_actor(), cause={"kind": "import_undo"}
        )
        assert taken[client].change is Change.BIN

    def test_hooks_hear_of_the_records_that_follow(self) -> None:
        heard: list[WrittenRecord] = []
        write_hooks.register("test.follow", WriteHook(lambda written, actor, cause: heard.extend(written)))
        try:
            client = create("contact", fields={"name": "Орлов"})
            heard.clear()
            create("deal", fields={"client": client, "amount": "100"})
        finally:
            write_hooks._entries.pop("test.follow")  # type: ignore[attr-defined]
        [renewed] = [each for each in heard if each.spec.code == "contact"]
        total = renewed.spec.by_code["total"].column
        assert (renewed.change, renewed.before[total], renewed.after[total]) == ("renewed", 0, 100)  # type: ignore[index]

    def test_a_merge_moves_what_is_counted(self) -> None:
        one, other = (create("contact", fields={"name": name}) for name in ("Орлов", "Орлов А."))
        for client in (one, other):
            create("deal", fields={"client": client, "amount": "100"})
        merge_records(Merging("contact", one, other), actor=system_actor(), cause=CAUSE)
        assert value("contact", one, "total") == 200


class TestThroughLinks:
    def test_a_record_follows_the_one_that_it_points_at(self) -> None:
        add_formula("deal", "discount", "amount - car.price")
        car = create("car", fields={"make": "BMW", "price": "70"})
        deal = create("deal", fields={"car": car, "amount": "100"})
        assert value("deal", deal, "discount") == 30
        edit("car", car, price="90")
        assert value("deal", deal, "discount") == 10
        write(Write(Change.BIN, "car", id=car))
        assert value("deal", deal, "discount") == 100

    def test_values_follow_over_several_types(self) -> None:
        add_formula("deal", "discount", "amount - car.price")
        add_formula("contact", "given", "SUM(deals.discount)")
        add_formula("contact", "mark", 'IF(given > 20, "щедро", "скупо")', "text")
        retitled("contact", "{name}, {mark}")
        client = create("contact", fields={"name": "Орлов"})
        car = create("car", fields={"make": "BMW", "price": "90"})
        create("deal", fields={"car": car, "amount": "100", "client": client})
        edit("car", car, price="70")
        assert (value("contact", client, "given"), value("contact", client, "mark")) == (30, "щедро")
        assert Anchor.objects.get(pk=client).title == "Орлов, щедро"

    def test_a_way_of_several_links_leads_back(self) -> None:
        add_formula("contact", "prices", "SUM(deals.car.price)")
        client = create("contact", fields={"name": "Орлов"})
        car = create("car", fields={"make": "BMW", "price": "90"})
        deal = create("deal", fields={"car": car, "client": client})
        edit("car", car, price="70")
        assert value("contact", client, "prices") == 70
        edit("deal", deal, car=None)
        assert value("contact", client, "prices") == 0

    def test_links_to_many_count_in_both_directions(self) -> None:
        add_formula("deal", "beside", "SUM(other_cars.price)")
        add_formula("car", "asked", "COUNT([deals_by_other_cars])", "number")
        cars = [create("car", fields={"make": "BMW", "price": str(price)}) for price in (10, 20)]
        deal = create("deal", fields={"other_cars": cars})
        assert value("deal", deal, "beside") == 30
        assert [value("car", car, "asked") for car in cars] == [1, 1]
        edit("car", cars[0], price="15")
        edit("deal", deal, other_cars=cars[:1])
        assert value("deal", deal, "beside") == 15
        assert [value("car", car, "asked") for car in cars] == [1, 0]

    def test_circles_over_types_are_refused(self) -> None:
        add_formula("contact", "total", "SUM(deals.amount)")
        add_formula("deal", "share", "amount / client.total", "number")
        said = refused(change_total, "SUM(deals.share)")
        assert "contact.total → deal.share → contact.total" in said or (
            "deal.share → contact.total → deal.share" in said
        )


def change_total(text: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("contact", "total", formula=change.read_formula("contact", "total", text))


class TestMany:
    def test_more_than_fit_into_a_write_are_left_to_a_job(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dependants, "MOST_AT_ONCE", 3)
        monkeypatch.setattr(recounting, "CHUNK", 2)
        add_formula("deal", "discount", "amount - car.price")
        add_formula("contact", "given", "SUM(deals.discount)")
        client = create("contact", fields={"name": "Орлов"})
        car = create("car", fields={"make": "BMW", "price": "10"})
        deals = [create("deal", fields={"car": car, "amount": "100", "client": client}) for _n in range(5)]
        edit("car", car, price="20")
        assert {value("deal", deal, "discount") for deal in deals} == {90}
        order = Recount.objects.get()
        assert (order.total, order.cause["kind"]) == (5, "test")
        recounting.recount_chunk(order.id)
        progress = find_progress(current_generation().types["deal"])
        assert progress is not None
        assert (progress.done, progress.total) == (2, 5)
        while recounting.work_on(order.id):
            pass
        assert {value("deal", deal, "discount") for deal in deals} == {80}
        assert value("contact", client, "given") == 400
        assert find_progress(current_generation().types["deal"]) is None

    def test_a_rollup_that_is_added_fills_the_records_that_are_there_and_those_that_look_at_them(
        self,
    ) -> None:
        client = create("contact", fields={"name": "Орлов"})
        deal = create("deal", fields={"client": client, "amount": "100"})
        add_formula("contact", "total", "SUM(deals.amount)")
        add_formula("deal", "share", "amount / client.total", "percent")
        recounting.renew_formulas()
        assert value("contact", client, "total") == 100
        assert value("deal", deal, "share") == 100


class TestAlways:
    """Whatever is written, a stored value is what its formula gives."""

    def test_random_writes_leave_every_value_right(self) -> None:
        add_field("car", "sold", "boolean")
        add_formula(
            "car", "costs", 'SUM(deals.amount, deals.stage <> "lost") + SUM([deals_by_other_cars].amount) / 2'
        )
        add_formula("deal", "margin", "car.price - car.costs + amount * 10%")
        add_formula("contact", "worth", "SUM(deals.margin, deals.car.sold) - COUNT(deals) * 3")
        add_formula("contact", "class", 'IF(worth > 50, "A", IF(worth > 0, "B", "C"))', "text")
        add_formula(
            "deal", "note", 'client.class & "/" & IF(margin > 0, "+", "-")', "text", keeps_history=True
        )
        random = Random(20261127)
        made: dict[str, list[int]] = {"car": [], "deal": [], "contact": []}
        for _number in range(160):
            act(random, made)
        assert all(made.values())
        assert wrong_values() == []


def act(random: Random, made: dict[str, list[int]]) -> None:
    """One write at random; what rules refuse is refused."""
    type = random.choice(("car", "deal", "deal", "contact"))
    alive = made[type]
    with suppress(TrassaError):
        if len(alive) < 3 or random.random() < 0.25:
            alive.append(create(type, fields=values_at_random(random, made, type) | needed(type)))
        elif random.random() < 0.15:
            write(Write(Change.BIN, type, id=random.choice(alive)))
        elif random.random() < 0.2:
            write(Write(Change.RESTORE, type, id=random.choice(alive)))
        elif type == "deal" and random.random() < 0.2:
            stage = random.choice(("new", "showing", "won"))
            write(Write(Change.MOVE, "deal", id=random.choice(alive), stage=stage))
        else:
            chosen = random.sample(alive, min(len(alive), random.randint(1, 3)))
            write(
                *(
                    Write(Change.EDIT, type, id=id, fields=values_at_random(random, made, type))
                    for id in chosen
                ),
                atomic=False,
            )


def needed(type: str) -> dict[str, Any]:
    return {"deal": {}, "car": {"make": "BMW"}, "contact": {"name": "Орлов"}}[type]


def values_at_random(random: Random, made: dict[str, list[int]], type: str) -> dict[str, Any]:
    """Some fields of a type with values at random."""
    one = {key: [None, *ids[-6:]] for key, ids in made.items()}
    amounts = ("0", "10", "33.33", "200", None)
    every: dict[str, Any] = {
        "car": {"price": random.choice(amounts), "sold": random.choice((True, False))},
        "contact": {"name": random.choice(("Орлов", "Белов"))},
        "deal": {
            "amount": random.choice(amounts),
            "car": random.choice(one["car"]),
            "client": random.choice(one["contact"]),
            "other_cars": random.sample(made["car"], min(len(made["car"]), random.randint(0, 2))),
        },
    }[type]
    return {key: value for key, value in every.items() if random.random() < 0.6}


def wrong_values() -> list[str]:
    """Values of formulas that are not what the formula gives, of records in the bin too."""
    generation = current_generation()
    wrong = []
    for spec in generation:
        rows = list(spec.model._default_manager.order_by("id").values())
        for field in formulas_of(spec).values():
            assert field.formula is not None
            states = [State(row["id"], row) for row in rows]
            loaded = load_values(generation, spec, [field.formula], states)
            for row, values in zip(rows, loaded, strict=True):
                right = formula_value(field, values)
                if right != row[field.column]:
                    wrong.append(f"{spec.code} {row['id']} {field.code}: {row[field.column]} is {right}")
    return wrong
