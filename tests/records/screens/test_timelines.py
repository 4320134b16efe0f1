"""The timeline of a card: what it shows, and the comments that stand above it."""

import re

from tests.factories.records import edit
from tests.records.screens.conftest import Screens, text_of


def say(person: Screens, deal: int, text: str) -> str:
    """Write a comment; gives its address."""
    person.post(f"/r/deal/{deal}/comments", {"text": text})
    page = text_of(person.page(f"/r/deal/{deal}/"))
    found = re.search(rf"/r/deal/{deal}/comments/\d+", page)
    assert found
    return found[0]


def test_a_pinned_comment_stands_above_the_timeline_and_only_there(seller: Screens, deal: int) -> None:
    address = say(seller, deal, "Звонить после шести")
    seller.post(f"{address}/pin", {"pinned": "1"})
    say(seller, deal, "Приедет в среду")
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert page.count("Звонить после шести") == 1
    assert page.index("Звонить после шести") < page.index("Приедет в среду")
    assert "Звонить" not in text_of(seller.part(f"/r/deal/{deal}/history?show=comments"))
    seller.post(f"{address}/pin", {"pinned": "0"})
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert page.index("Приедет в среду") < page.index("Звонить после шести")


def test_the_timeline_says_which_part_of_it_is_shown(seller: Screens, deal: int) -> None:
    edit("deal", deal, amount="5900000")
    say(seller, deal, "Приедет в среду")
    for answer in (
        seller.part(f"/r/deal/{deal}/history?show=comments"),
        seller.page(f"/r/deal/{deal}/?show=comments"),
    ):
        part = text_of(answer)
        assert 'value="comments" aria-pressed="true"' in part
        assert 'value="all" aria-pressed="false"' in part
        assert "Приедет в среду" in part
        assert "5 900 000 ₽</div>" not in part
    assert 'value="all" aria-pressed="true"' in text_of(seller.page(f"/r/deal/{deal}/"))


def test_older_entries_come_without_the_choice(seller: Screens, deal: int) -> None:
    for number in range(22):
        edit("deal", deal, amount=str(5900000 + number))
    part = text_of(seller.part(f"/r/deal/{deal}/history?before=3&show=changes"))
    assert "aria-pressed" not in part
    assert "<li>" in part


def test_a_phone_is_offered_its_camera(seller: Screens, deal: int) -> None:
    assert 'accept="image/*" capture="environment"' in text_of(seller.page(f"/r/deal/{deal}/"))
