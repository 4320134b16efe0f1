"""Records side by side, merged and taken apart on screens."""

import pytest
from tests.factories.records import create, edit
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.access.queries import system_actor
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation


@pytest.fixture
def pair() -> tuple[int, int]:
    first = create("contact", fields={"name": "Егоров", "phone": "+79215550142"})
    second = create("contact", fields={"name": "Егоров Пётр", "phone": "+79215550142", "inn": "500100732259"})
    create("deal", fields={"client": second})
    return first, second


def values(id: int):
    return get_record(system_actor(), current_generation().types["contact"], id).values


def merge_form(ids: tuple[int, ...], **picks: int) -> dict[str, str]:
    return {f"version-{id}": "1" for id in ids} | {f"pick-{code}": str(id) for code, id in picks.items()}


def test_the_screen_shows_what_differs_first_and_what_moves(admin: Screens, pair: tuple[int, int]) -> None:
    first, second = pair
    page = text_of(admin.page(f"/t/contact/merge?ids={first},{second}"))
    assert page.index("Егоров Пётр") < page.index("Одинаково во всех") < page.index("+7 921 555-01-42")
    assert "Сделки · Клиент" in page
    assert f"ids={second},{first}" in page


def test_merging_leads_to_the_survivor_and_the_other_address_too(
    head: Screens, pair: tuple[int, int]
) -> None:
    first, second = pair
    answer = head.post(f"/t/contact/merge?ids={first},{second}", merge_form(pair, name=second))
    card = f"/r/contact/{first}/?merged={second}"
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, card)
    assert values(first)["name"] == "Егоров Пётр"
    assert head.page(f"/r/contact/{second}/").headers["Location"] == card
    page = text_of(head.page(card))
    assert "«Егоров Пётр» объединена с этой записью" in page
    assert "Отменить объединение" in page
    taken = head.post(f"/r/contact/{first}/unmerge", {"from": str(second)})
    assert news_of(taken)["toast"] == {"text": "Объединение отменено", "tone": "ok"}
    assert values(second)["inn"] == "500100732259"
    assert head.page(f"/r/contact/{second}/").status_code == 200


def test_a_record_changed_meanwhile_is_shown_anew(head: Screens, pair: tuple[int, int]) -> None:
    first, second = pair
    edit("contact", second, name="Егоров П.")
    answer = head.post(f"/t/contact/merge?ids={first},{second}", merge_form(pair, name=second))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "тем временем" in page
    assert f'name="version-{second}" value="2"' in page
    assert f'name="pick-name" value="{second}" checked' in page


def test_what_stayed_is_named_when_a_merge_is_taken_back(head: Screens, pair: tuple[int, int]) -> None:
    first, second = pair
    head.post(f"/t/contact/merge?ids={first},{second}", merge_form(pair, name=second))
    edit("contact", first, name="Егоров П. А.")
    taken = head.post(f"/r/contact/{first}/unmerge", {"from": str(second)})
    assert "осталось здесь: Имя" in news_of(taken)["toast"]["text"]


@pytest.fixture
def three(pair: tuple[int, int]) -> tuple[int, int, int]:
    return *pair, create("contact", fields={"name": "Егоров П. С.", "phone": "+79215550142"})


def test_several_become_one_with_a_choice_from_each(head: Screens, three: tuple[int, int, int]) -> None:
    first, second, third = three
    url = f"/t/contact/merge?ids={first},{second},{third}"
    page = text_of(head.page(url))
    assert [page.count(f'data-of="{name}"') > 0 for name in ("Егоров", "Егоров Пётр", "Егоров П. С.")]
    assert f"/t/contact/merge?ids={third},{first},{second}" in page, "the third one may be the one that stays"
    assert f"/t/contact/merge?ids={first},{third}" in page, "the second one may be left out"
    answer = head.post(url, merge_form(three, name=third))
    assert answer.status_code == 204
    assert (values(first)["name"], values(first)["inn"]) == ("Егоров П. С.", "500100732259")
    page = text_of(head.page(f"/r/contact/{first}/?merged={second}"))
    assert "«Егоров Пётр», «Егоров П. С.» объединены с этой записью" in page
    taken = head.post(f"/r/contact/{first}/unmerge", {"from": str(second)})
    assert news_of(taken)["toast"] == {"text": "Объединение отменено", "tone": "ok"}
    assert values(first)["name"] == "Егоров"
    assert head.page(f"/r/contact/{third}/").status_code == 200


def test_a_choice_stays_when_another_record_is_to_stay(head: Screens, three: tuple[int, int, int]) -> None:
    first, second, third = three
    page = text_of(head.part(f"/t/contact/merge?ids={second},{first},{third}&pick-name={third}"))
    assert f'name="pick-name" value="{third}" checked' in page


def test_suspects_of_a_group_become_one_together(head: Screens, three: tuple[int, int, int]) -> None:
    first, second, third = three
    assert f"/t/contact/merge?ids={first},{second},{third}" in text_of(head.page("/t/contact/suspects"))


def test_suspects_and_cards_lead_to_merging(head: Screens, seller: Screens, pair: tuple[int, int]) -> None:
    first, second = pair
    assert f"/t/contact/merge?ids={first},{second}" in text_of(head.page("/t/contact/suspects"))
    assert f"/t/contact/merge?ids={first},{second}" in text_of(head.page(f"/r/contact/{first}/"))
    assert "/t/contact/merge" in text_of(head.page("/t/contact/"))
    assert "/t/car/merge" not in text_of(seller.page("/t/car/"))


def test_history_tells_of_both(head: Screens, pair: tuple[int, int]) -> None:
    first, second = pair
    edit("contact", second, name="Егоров П.")
    form = merge_form(pair) | {f"version-{second}": "2"}
    head.post(f"/t/contact/merge?ids={first},{second}", form)
    page = text_of(head.page(f"/r/contact/{first}/"))
    assert "В эту запись влилась «Егоров П.»" in page
    assert "в «Егоров П.»" in page
    assert f"/r/contact/{first}/unmerge" in page
