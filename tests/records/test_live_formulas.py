"""Formulas that depend on the day: computed when they are read, shown, filtered and sorted like fields."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from tests.factories.records import CAUSE, add_formula, allow, allow_field, create, edit, make_actor
from tests.records.test_formulas import refused, retire, retitle, value

from trassa.access.queries import system_actor
from trassa.access.types import Scope
from trassa.kernel import Invalid, frozen
from trassa.records.actions import recounting
from trassa.records.actions.bulk_runs import live_rows
from trassa.records.queries import get_record, list_records
from trassa.records.queries.lists import count_records, sum_records
from trassa.records.queries.past import record_as_of
from trassa.records.types import Filter, ListQuery
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Layouts

pytestmark = pytest.mark.usefixtures("garage")
MAY = datetime(2026, 5, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with translation.override("ru"), frozen(MAY):
        yield


@pytest.fixture
def deals() -> list[int]:
    """Visits of 20, 1 and no days ago, and none at all, with the days since then."""
    add_formula("deal", "since", "TODAY() - visit_on", "number")
    days = ("2026-04-30", "2026-05-19", "2026-05-20", None)
    return [create("deal", fields={"visit_on": day, "amount": "10"}) for day in days]


def listed(order: str = "id", *filters: Filter, actor: Any = None) -> list[int]:
    query = ListQuery(filters=filters, order=order, limit=50)
    page = list_records(actor or system_actor(), current_generation().types["deal"], query)
    return [record.id for record in page.items]


def test_it_is_the_value_of_the_day_on_which_it_is_read(deals: list[int]) -> None:
    assert [value("deal", deal, "since") for deal in deals[:3]] == [20, 1, 0]
    with frozen(MAY + timedelta(days=5)):
        assert value("deal", deals[0], "since") == 25


def test_nothing_of_it_is_kept(deals: list[int]) -> None:
    edit("deal", deals[0], visit_on="2026-05-01")
    recounting.renew_formulas()
    spec = current_generation().types["deal"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count({spec.by_code['since'].column}) FROM {spec.table}")
        assert cursor.fetchone() == (0,)
    assert value("deal", deals[0], "since") == 19


def test_lists_filter_and_sort_by_it(deals: list[int]) -> None:
    assert listed("-since")[:2] == deals[:2]
    assert listed("id", Filter("since", "gte", "1"), Filter("since", "lte", "19")) == [deals[1]]
    spec = current_generation().types["deal"]
    query = ListQuery(filters=[Filter("since", "gte", "1")])
    assert count_records(system_actor(), spec, query) == 2
    assert sum_records(system_actor(), spec, query, "since") == 21


def test_lists_of_those_who_see_a_part_do_so_too(deals: list[int]) -> None:
    seller = make_actor(*allow("deal", scope=Scope.OWN), *allow("deal", scope=Scope.DEPARTMENT))
    mine = [create("deal", actor=seller, fields={"visit_on": f"2026-05-1{day}"}) for day in range(5)]
    assert listed("since", actor=seller) == mine[::-1]
    assert listed("since", Filter("since", "gt", "8"), actor=seller) == mine[:2][::-1]


def test_pages_go_on_behind_the_last_row(deals: list[int]) -> None:
    spec = current_generation().types["deal"]
    found, after = [], None
    while True:
        page = list_records(system_actor(), spec, ListQuery(order="since", limit=1, after=after))
        found += [record.id for record in page.items]
        if (after := page.next) is None:
            break
    assert found == [deals[2], deals[1], deals[0], deals[3]], "empty ones come last"


def test_it_follows_links_and_lists_and_gives_other_kinds() -> None:
    add_formula("deal", "age", "YEAR(TODAY()) - car.year", "number")
    add_formula("contact", "fresh", "COUNT(deals, deals.visit_on >= TODAY() - 7) > 0", "boolean")
    add_formula("deal", "until", "visit_on + IF(visit_on > TODAY(), 1, 2)", "date")
    client = create("contact", fields={"name": "Орлов"})
    car = create("car", fields={"make": "BMW", "year": "2020"})
    deal = create("deal", fields={"client": client, "car": car, "visit_on": "2026-05-18"})
    assert (value("deal", deal, "age"), value("contact", client, "fresh")) == (6, True)
    assert value("deal", deal, "until") == date(2026, 5, 20)


def test_a_mask_is_inherited() -> None:
    add_formula("car", "odd", "floor_price + DAY(TODAY())")
    field = current_generation().types["car"].by_code["odd"]
    assert not make_actor(*allow("car")).sees_field(field)
    assert make_actor(*allow("car"), *allow_field("car", "floor_price")).sees_field(field)


def test_a_card_of_the_past_does_not_show_the_value_of_today(deals: list[int]) -> None:
    actor, spec = system_actor(), current_generation().types["deal"]
    record = get_record(actor, spec, deals[0])
    assert record_as_of(actor, spec, record, MAY).values["since"] is None


def test_what_is_kept_may_not_use_it(deals: list[int]) -> None:
    with pytest.raises(Invalid):
        retitle("deal", "{since}")
    with pytest.raises(Invalid):
        sum_up("since")
    assert "since" in refused(add_formula, "deal", "twice", "since * 2", "number")
    assert "deal.x" in refused(add_formula, "deal", "x", "TODAY() - visit_on", "number", sortable=True)


def sum_up(code: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_layouts("deal", Layouts(board_sum=code))


def test_what_it_uses_is_not_retired(deals: list[int]) -> None:
    assert "deal.since: formula" in refused(retire, "deal", "visit_on")


def test_a_formula_that_ceases_to_depend_on_the_day_is_counted_and_kept(deals: list[int]) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "since", formula=change.read_formula("deal", "since", "amount * 2"))
    recounting.renew_formulas()
    assert value("deal", deals[0], "since") == 20
    spec = current_generation().types["deal"]
    assert live_rows(spec).filter(**{spec.by_code["since"].column: 20}).count() == 4
