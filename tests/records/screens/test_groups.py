"""Groups of a list: heads with counts and sums, rows fetched when a group opens."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.records import create
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of


@pytest.fixture
def deals(team: Team) -> list[int]:
    """Four deals of the seller and one of the head, with and without a source and a client."""
    client = create("contact", fields={"name": "Егоров Пётр"})
    rows = [
        ("seller", "1000000", {"source": "avito", "client": client}),
        ("seller", "2000000", {"source": "avito"}),
        ("seller", "4000000", {"source": "phone", "client": client}),
        ("seller", "8000000", {"source": None}),
        ("head", "16000000", {"source": "phone"}),
    ]
    return [
        create("deal", pipeline="sales", owner=getattr(team, who).id, fields={"amount": amount, **more})
        for who, amount, more in rows
    ]


def heads_of(page: str) -> list[tuple[str, str, str]]:
    """Words, count and sum of each group."""
    found = re.findall(
        r'data-group.*?<span>([^<]+)</span> <span class="num faint">([^<]+)</span>'
        r'(?: <span class="num mute small">([^<]+)</span>)?',
        page,
    )
    return [(label, count, total) for label, count, total in found]


def rows_urls(page: str) -> list[str]:
    return [url.replace("&amp;", "&") for url in re.findall(r'data-group [^>]*?hx-get="([^"]+)"', page)]


def test_a_list_is_grouped_by_an_option_with_counts_and_sums(head: Screens, deals: list[int]) -> None:
    page = text_of(head.page("/t/deal/?group_by=source"))
    assert "data-id=" not in page
    assert 'hx-get="/t/deal/groups?group_by=source"' in page
    groups = text_of(head.part("/t/deal/groups?group_by=source"))
    assert heads_of(groups) == [
        ("Авито", "2", "3 000 000 ₽"),
        ("Звонок", "2", "20 000 000 ₽"),
        ("пусто", "1", "8 000 000 ₽"),
    ]
    shown = [re.findall(r'data-id="(\d+)"', text_of(head.part(url))) for url in rows_urls(groups)]
    assert [sorted(map(int, ids)) for ids in shown] == [deals[:2], [deals[2], deals[4]], [deals[3]]]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("stage", [("Новая", "5")]),
        ("owner", [("Seller", "4"), ("Head", "1")]),
        ("client", [("Егоров Пётр", "2"), ("пусто", "3")]),
        ("visit_on", [("пусто", "5")]),
    ],
)
def test_what_lists_are_grouped_by(
    head: Screens, deals: list[int], code: str, expected: list[tuple[str, str]]
) -> None:
    groups = text_of(head.part(f"/t/deal/groups?group_by={code}"))
    assert [(label, count) for label, count, _total in heads_of(groups)] == expected
    for url, (_label, count) in zip(rows_urls(groups), expected, strict=True):
        assert len(re.findall(r'data-id="(\d+)"', text_of(head.part(url)))) == int(count)


def test_months_are_groups_the_latest_first(seller: Screens, team: Team) -> None:
    for day in ("2026-02-28", "2026-03-01", "2026-03-31"):
        create("deal", pipeline="sales", owner=team.seller.id, fields={"amount": "1", "visit_on": day})
    groups = text_of(seller.part("/t/deal/groups?group_by=visit_on"))
    assert [(label, count) for label, count, _total in heads_of(groups)] == [
        ("Март 2026", "2"),
        ("Февраль 2026", "1"),
    ]
    assert "visit_on__month=2026-03" in rows_urls(groups)[0]
    assert text_of(seller.part(rows_urls(groups)[0])).count("data-item") == 2


def test_groups_stand_within_the_conditions_and_the_rights(seller: Screens, deals: list[int]) -> None:
    groups = text_of(seller.part("/t/deal/groups?group_by=source&source__in=phone,avito&amount__gte=2000000"))
    assert [(label, count) for label, count, _total in heads_of(groups)] == [("Авито", "1"), ("Звонок", "1")]
    assert text_of(seller.part(rows_urls(groups)[0])).count("data-item") == 1


def test_a_list_is_not_grouped_by_what_is_masked_or_absent(seller: Screens, deals: list[int]) -> None:
    for code in ("floor_price", "nothing", "other_cars", "title"):
        assert seller.part(f"/t/car/groups?group_by={code}").status_code == 404
        assert "data-group" not in text_of(seller.page(f"/t/car/?group_by={code}"))


def test_heads_cost_two_statements_however_many_groups_there_are(
    head: Screens, team: Team, deals: list[int]
) -> None:
    head.part("/t/deal/groups?group_by=client")
    with CaptureQueriesContext(connection) as few:
        head.part("/t/deal/groups?group_by=client")
    for number in range(5):
        client = create("contact", fields={"name": f"Клиент {number}"})
        create("deal", pipeline="sales", owner=team.seller.id, fields={"client": client})
    with CaptureQueriesContext(connection) as many:
        assert len(heads_of(text_of(head.part("/t/deal/groups?group_by=client")))) == 7
    assert len(many) == len(few)
